/** One line that shows how far a run has come: on a terminal only, and gone when the report is told. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(done: number, total: number): void {
    if (!this.#stream.isTTY || total < 50) return;
    this.#shown = true;
    this.#stream.write(`\r\u001b[Kchecking ${done}/${total}`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[K");
    this.#shown = false;
  }
}
