/** The messages of Jupyter's messaging protocol, as far as this kernel speaks it. */
export const PROTOCOL_VERSION = '5.3';

/** Where requests come in. Broadcasts go out on iopub; the heartbeat carries no messages. */
export type Channel = 'shell' | 'control' | 'stdin';

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  msg_type: string;
  version: string;
}

export type Content = Record<string, unknown>;

export interface Message<C = Content> {
  /** The header of the message that this one answers; without an id if it answers none. */
  parent?: Partial<Header>;
  /** The routing prefix: to whom a reply goes. */
  identities: Buffer[];
  header: Header;
  metadata: Content;
  content: C;
}

/** The request that a message of ours belongs to. */
export type Parent = Pick<Message, 'header'>;

export type ExecuteRequest = {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
  /** Whether the client answers input_request. */
  allow_stdin?: boolean;
};

/** What `error` and a failed `execute_reply` say. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** {MIME type: content}; text as a string, JSON types as values. */
export type MimeBundle = Record<string, unknown>;

export interface DisplayContent {
  data: MimeBundle;
  metadata: Content;
  transient: { display_id?: string };
}

export type StreamName = 'stdout' | 'stderr';
