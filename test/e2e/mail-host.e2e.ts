/** What changes or counts on the one mail host that all files share: one after the other. */
import './mail-host/posts.ts';
import './mail-host/control.ts';
import './mail-host/installation.ts';
