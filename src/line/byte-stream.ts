/** Bytes to and from a wire or socket that is open; once closed it stays closed. */
export interface ByteStream {
  /** The adapter hands bytes over at once, as read back from its driver; absent where that cannot be known. */
  readonly lowLatency?: boolean;
  /** Never throws; a failed write ends in `onClose`. */
  write(bytes: Uint8Array): void;
  /** The bytes are the listener's for the call only: the stream may read into the same buffer again. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once, with the cause in words, however the stream ended. */
  onClose(listener: (why: string) => void): void;
  /** Settles even when the peer is long gone. */
  close(): Promise<void>;
}
