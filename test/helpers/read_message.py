"""What Python's email package sees in a message: the second independent reader of the tests.

Reads one JSON string (the message, base64) per line from standard input, answers each with one JSON object per line.
"""

import base64
import email
import email.policy
import hashlib
import json
import re
import sys
from html.parser import HTMLParser

BODY_END = "\u0001"


class VisibleText(HTMLParser):
    """The text a browser would show, link targets in brackets, and BODY_END where a real </body> or </html> stands."""

    HIDDEN = {"script", "style", "title", "template", "noembed", "noframes", "xmp"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.hidden = []

    def handle_starttag(self, tag, attrs):
        if tag in self.HIDDEN:
            self.hidden.append(tag)
        if not self.hidden:
            self.out.append(" " if tag in ("b", "i", "a", "span", "em") else "\n")
            for name, value in attrs:
                if name == "href" and value:
                    self.out.append("[" + value + "]")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_endtag(self, tag):
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass
        elif not self.hidden and tag in ("body", "html"):
            self.out.append(BODY_END)

    def handle_data(self, data):
        if not self.hidden:
            self.out.append(data)


def visible(html):
    parser = VisibleText()
    parser.feed(html)
    parser.close()
    return "".join(parser.out)


def decoded(payload, charset):
    try:
        return payload.decode(charset or "ascii", "strict"), None
    except LookupError:
        return payload.decode("latin-1"), "unknown charset " + str(charset)
    except (UnicodeError, ValueError) as error:
        return payload.decode(charset or "ascii", "replace"), str(error)[:200]


def leaf(part, number, inside):
    kind = part.get_content_type()
    seen = {
        "number": number,
        "type": kind,
        "declared": part["content-type"] is not None,
        "charset": part.get_content_charset(),
        "encoding": str(part.get("content-transfer-encoding", "")).strip().lower(),
        "disposition": part.get_content_disposition(),
        "filename": part.get_filename(),
        "format": part.get_param("format"),
        "delsp": part.get_param("delsp"),
        "inside": inside,
        "defects": [type(defect).__name__ for defect in part.defects],
        "fields": [[name, str(value)] for name, value in part._headers],
        "text": None,
        "html": None,
        "problem": None,
    }
    if isinstance(part.get_payload(), list):
        payload = b"".join(inner.as_bytes() for inner in part.get_payload())
    else:
        payload = part.get_payload(decode=True) or b""
    # The newline in front of a boundary is nobody's; that of the last part is its own. The bytes are judged elsewhere.
    seen["sha256"] = hashlib.sha256(re.sub(rb"\r?\n\Z", b"", payload)).hexdigest()
    if part.get_content_maintype() == "text":
        seen["text"], seen["problem"] = decoded(payload, seen["charset"])
        if kind == "text/html":
            seen["html"] = visible(seen["text"])
    return seen


def walk(part, number, inside, out):
    if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
        inside = inside + [part.get_content_type()]
        for index, child in enumerate(part.get_payload(), 1):
            walk(child, (number + "." if number else "") + str(index), inside, out)
    else:
        out.append(leaf(part, number or "1", inside))


for line in sys.stdin:
    try:
        message = email.message_from_bytes(base64.b64decode(json.loads(line)), policy=email.policy.compat32)
        parts = []
        walk(message, "", [], parts)
        answer = {
            "type": message.get_content_type(),
            "fields": [[name, str(value)] for name, value in message._headers],
            "parts": parts,
        }
    except Exception as error:  # the reader's own faults on broken mail are data, too
        answer = {"failure": repr(error)[:300]}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
