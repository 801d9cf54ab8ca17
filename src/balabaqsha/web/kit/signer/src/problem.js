// What went wrong, as the name of a text that the page holds (data-text-…); the script itself has no words.
export class Problem extends Error {
  constructor(name) {
    super(name);
    this.name = name;
  }
}
