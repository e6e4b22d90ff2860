// kafkajs warns about its default partitioner once per process; nobody reads it in a test's output.
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';
