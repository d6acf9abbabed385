/**
 * A Haraka plugin: puts footers into each message and hands it to a program, for instance mlmmj-receive. Copy it into
 * Haraka's `plugins` directory as `list_footer.js` and name it in `config/plugins`; `config/list_footer.json` says
 *
 *     { "text": "-- \nThe café list", "program": ["/usr/bin/mlmmj-receive", "-L", "/var/spool/mlmmj/cafe"] }
 */
const { spawn } = require('node:child_process');

exports.register = function () {
  this.settings = this.config.get('list_footer.json');
  this.register_hook('queue', 'deliver');
};

exports.deliver = async function (next, connection) {
  const { completeFooters, FooterStream } = await import('mlmmj-amime-receive');
  const footers = await completeFooters(this.settings);
  const stream = new FooterStream(footers);
  stream.once('footer', ({ summary }) => connection.loginfo(this, summary));

  const [program, ...args] = this.settings.program;
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  // How the program ends decides; that it stopped reading is no news then.
  child.stdin.on('error', () => {});
  // Half a message must not look like a whole one.
  stream.once('error', () => child.kill());
  child.once('error', () => next(DENYSOFT, 'cannot deliver'));
  child.once('exit', (code) => (code === 0 ? next(OK) : next(DENYSOFT, 'cannot deliver')));
  stream.pipe(child.stdin);
  connection.transaction.message_stream.pipe(stream, { line_endings: '\n' });
};
