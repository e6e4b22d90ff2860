import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../engine/fingerprint.mjs';
import { lab, root } from '../engine/folders.mjs';
import { filesStep } from '../engine/step.mjs';

const share = lab('venv', 'share', 'jupyter');
const etc = lab('venv', 'etc', 'jupyter');
const page = join(share, 'nbconvert', 'templates', 'kafka-lab-page');
const stage = join(share, 'labextensions', 'kafka-lab-stage');

/** @param {string} folder of a package */
const packageOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const { version } = packageOf('lib');

/**
 * What Node.js is told for a kernel: kernel/src/package.ts says why.
 * @type {string[]}
 */
export const KERNEL_FLAGS = packageOf('kernel').nodeFlags;

/** What the kernel is told of the lab, of which it knows nothing by itself: see kernel/src/options.ts. */
export const KERNEL_OPTIONS = [
  '--name=kafka-lab',
  `--version=${version}`,
  `--hide=${join(root, 'lib', 'dist')}`,
  // Wherever a notebook lies, it has what is installed here: of the owner's choice, and the lab's own.
  ...[lab('packages'), root].map((folder) => `--packages=${folder}`),
];

/** The command of a kernel; the connection file's path is its next argument. */
export const KERNEL = [
  ...[process.execPath, ...KERNEL_FLAGS],
  join(root, 'kernel', 'dist', 'main.js'),
];

/**
 * Cells get what is written to descriptors 1 and 2; the kernel's own log is descriptor 3. The lab's state may be elsewhere
 * than what is installed, for each of its processes: only what starts a kernel knows where.
 */
const SHELL =
  'state=${KAFKA_LAB_STATE:-$1}; shift; exec "$@" --log-descriptor=3 --late-output="$state/logs/late-output.log" 3>&2';

const kernelspec = {
  argv: [
    ...['/bin/sh', '-c', SHELL, 'kernel', lab()],
    ...[...KERNEL, '{connection_file}', ...KERNEL_OPTIONS],
  ],
  display_name: 'TypeScript (Kafka Lab)',
  language: 'typescript',
  interrupt_mode: 'message',
  env: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  metadata: { debugger: false },
};

/** JupyterLab's own keys to go from cell to cell: not while a slider has the focus, which they move. */
const arrows = [
  ['ArrowUp', 'notebook:move-cursor-up'],
  ['ArrowDown', 'notebook:move-cursor-down'],
  ['ArrowLeft', 'notebook:move-cursor-heading-above-or-collapse'],
  ['ArrowRight', 'notebook:move-cursor-heading-below-or-expand'],
].flatMap(([key, command]) => {
  const binding = { command, keys: [key] };
  const focus = '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus';
  return [
    { ...binding, selector: focus, disabled: true },
    { ...binding, selector: `${focus}:not(input[type="range"])` },
  ];
});

/** What a newcomer's JupyterLab should do unless told otherwise. */
const overrides = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  '@jupyterlab/shortcuts-extension:shortcuts': { shortcuts: arrows },
  '@jupyterlab/notebook-extension:tracker': {
    codeCellConfig: { lineNumbers: true, lineWrap: false },
    // There is one kernel: nobody need choose it.
    autoStartDefaultKernel: true,
  },
  // Light or dark as the system is.
  '@jupyterlab/apputils-extension:themes': { 'adaptive-theme': true },
  // The contents of a notebook stand beside it, the list of notebooks on the other side.
  '@jupyterlab/application-extension:shell': {
    layout: {
      single: {
        'Linked Console': { area: 'down' },
        Inspector: { area: 'down' },
        'Cloned Output': { area: 'down' },
      },
      multiple: { 'Table of Contents': { area: 'right' } },
    },
  },
  '@jupyterlab/filebrowser-extension:browser': { showLastModifiedColumn: false },
  // After the first second, JupyterLab would drop what the compiler is still loading for.
  '@jupyterlab/completer-extension:manager': { providerTimeout: 10_000 },
};

/** What JupyterLab shows of the kernel in its launcher. */
const logo = join(root, 'kernel', 'logo-svg.svg');

/** nbconvert's page, but a chart is shown as on a slide: with its sentence for who cannot see it. */
const template = `{%- extends 'lab/index.html.j2' -%}
{%- from 'chart.html.j2' import chart -%}
{%- block data_svg -%}{{ chart(output.data) }}{%- endblock -%}
`;
const chart = join(root, 'lib', 'slides', 'kafka-lab', 'chart.html.j2');

/**
 * What JupyterLab's menu makes of a notebook. Not said to nbconvert's own command: there it would outdo `--template`.
 * Slides are a kind of HTML page, and would take its template.
 */
const exporters = {
  HTMLExporter: { template_name: 'kafka-lab-page', embed_images: true },
  SlidesExporter: { template_name: 'reveal' },
};

/** The extension of JupyterLab that adds the command Stage: where each of its files belongs. */
const STAGE = {
  'plugin.json': join('schemas', 'kafka-lab-stage'),
  'container.js': 'static',
  'stage.mjs': 'static',
  'stage.css': 'static',
};

function stageFiles() {
  const sources = join(root, 'lib', 'jupyter', 'stage');
  const names = Object.keys(STAGE);
  const made = fingerprint({ files: names.map((name) => join(sources, name)), base: root });
  // Browsers keep for good what they once had from this address.
  const load = `static/container.js?v=${made}`;
  const _build = { load, extension: './plugin', style: './style' };
  const jupyterlab = { extension: true, schemaDir: 'schemas', _build };
  return {
    [join(stage, 'package.json')]: json({ name: 'kafka-lab-stage', version, jupyterlab }),
    ...Object.fromEntries(
      Object.entries(STAGE).map(([name, folder]) => [
        join(stage, folder, name),
        readFileSync(join(sources, name), 'utf8'),
      ]),
    ),
  };
}

/** The kernel, the settings, the command Stage and the page for export, in the Python environment's own JupyterLab. */
export const jupyter = filesStep({
  name: 'jupyter',
  title: 'Jupyter kernel',
  after: ['python'],
  files: () => ({
    [join(share, 'kernels', 'kafka-lab', 'kernel.json')]: json(kernelspec),
    [join(share, 'kernels', 'kafka-lab', 'logo-svg.svg')]: readFileSync(logo, 'utf8'),
    [join(share, 'lab', 'settings', 'overrides.json')]: json(overrides),
    ...stageFiles(),
    [join(page, 'index.html.j2')]: template,
    [join(page, 'chart.html.j2')]: readFileSync(chart, 'utf8'),
    [join(page, 'conf.json')]: json({ base_template: 'lab', mimetypes: { 'text/html': true } }),
    [join(etc, 'jupyter_server_config.json')]: json(exporters),
  }),
});

/** @param {unknown} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
