// The commands that people type: what comes after the program's name and does not begin with `-`.

export class Command {
  constructor(
    readonly name: string,
    /** What it is for, after its name in the help text. */
    readonly summary: string,
  ) {}
}

export function commands(): Command[] {
  return [
    new Command('preview', 'show what would become of a message, and why'),
    new Command('install', 'put the snippets into Postfix and Amavisd'),
    new Command('uninstall', 'take them out again'),
    new Command('check', 'say what is right with an installation and what is not'),
    new Command('serve', 'take mail over LMTP, for mlmmj in a container or on other hosts'),
  ];
}

export function isCommand(name: string): boolean {
  const known = commands();
  for (let i = 0; i < known.length; i++) if (known[i].name === name) return true;
  return false;
}

/** Typing mistakes: this many letters wrong, missing, or too many. */
const MISTAKES: i32 = 2;

/** What somebody meant who typed this: a command, or an option that answers; '' where nothing is like it. */
export function suggestionFor(word: string): string {
  if (word === 'help' || word === 'version') return `--${word}`;
  const known = commands();
  let best = '';
  let fewest = MISTAKES + 1;
  for (let i = 0; i < known.length; i++) {
    const mistakes = editDistance(word, known[i].name);
    // `check` is not what somebody meant who typed `ab`.
    if (mistakes < fewest && mistakes < word.length - 1) {
      fewest = mistakes;
      best = known[i].name;
    }
  }
  return best;
}

/** Letters to be changed, added, left out, or swapped with their neighbour; MISTAKES + 1 stands for more than that. */
function editDistance(word: string, name: string): i32 {
  const difference = word.length > name.length ? word.length - name.length : name.length - word.length;
  if (difference > MISTAKES) return MISTAKES + 1;
  const width = name.length + 1;
  const distances = new Int32Array((word.length + 1) * width);
  for (let i = 0; i <= word.length; i++) {
    for (let k = 0; k <= name.length; k++) {
      distances[i * width + k] =
        i === 0 || k === 0 ? i + k : nextDistance(distances, width, word, i, name, k);
    }
  }
  return distances[distances.length - 1];
}

function nextDistance(distances: Int32Array, width: i32, word: string, i: i32, name: string, k: i32): i32 {
  const at = i * width + k;
  const isSame = word.charCodeAt(i - 1) === name.charCodeAt(k - 1);
  let least = distances[at - width - 1] + (isSame ? 0 : 1);
  least = min(least, distances[at - width] + 1);
  least = min(least, distances[at - 1] + 1);
  if (i < 2 || k < 2) return least;
  const isSwapped =
    word.charCodeAt(i - 1) === name.charCodeAt(k - 2) && word.charCodeAt(i - 2) === name.charCodeAt(k - 1);
  return isSwapped ? min(least, distances[at - 2 * width - 2] + 1) : least;
}
