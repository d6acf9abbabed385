/**
 * Sends a message with footers through nodemailer.
 *
 *     node examples/nodemailer.js HOST PORT
 */
import { completeFooters, FooterStream } from 'mlmmj-amime-receive';
import { createTransport } from 'nodemailer';

const [host = '127.0.0.1', port = '25'] = process.argv.slice(2);
const footers = await completeFooters({ text: '-- \nThe café list', html: '<p>The café list</p>' });

const transport = createTransport({ host, port: Number(port), ignoreTLS: true });
transport.use('stream', (mail, done) => {
  mail.message.transform(() =>
    new FooterStream(footers).once('footer', (report) => console.log(report.summary)),
  );
  done();
});

await transport.sendMail({
  from: 'Ana <ana@example.net>',
  to: 'cafe@lists.example.org',
  subject: 'Picnic',
  text: 'Bring your own café.',
  html: '<p>Bring your own café.</p>',
});
