"""A mail server of the tests' own: Debian's dovecot-imapd in a temporary folder, on ports of its own."""

from __future__ import annotations

import contextlib
import getpass
import grp
import imaplib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

USER, PASSWORD = "desk@example.org", "a long enough phrase"
_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A server with one user, who has an empty INBOX.

    Args:
        home: an empty folder.

    Raises:
        LookupError: the server or what it needs is not installed, with a line that says so.
    """

    def __init__(self, home: Path) -> None:
        self._binary = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
        if self._binary is None or not Path("/usr/lib/dovecot/imap").exists():
            raise LookupError("needs Debian's dovecot-imapd: apt-get install dovecot-imapd")
        self.home, self.port, self.tls_port = home, _free_port(), _free_port()
        root = os.geteuid() == 0
        self.owner, self.group = ("mail", "mail") if root else (getpass.getuser(), grp.getgrgid(os.getgid()).gr_name)
        for name in ("run", "state", "mail"):
            (home / name).mkdir()
        if root:
            shutil.chown(home / "mail", self.owner, self.group)
            home.chmod(0o711)  # the server gives up root, and has to come in
        self.certificate = self._certify()
        self._write(root)
        self._process = subprocess.Popen([self._binary, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
        self._wait()

    def _certify(self) -> Path | None:
        openssl = shutil.which("openssl")
        if openssl is None:
            return None
        command = [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
        ]  # fmt: skip
        subprocess.run(command, cwd=self.home, check=True, capture_output=True)
        return self.home / "cert.pem"

    def _write(self, root: bool) -> None:
        mine = "" if root else (
            f"default_internal_user = {self.owner}\ndefault_login_user = {self.owner}\n"
            f"default_internal_group = {self.group}\n"
        )  # fmt: skip
        certificate = f"ssl_cert = <{self.home}/cert.pem\nssl_key = <{self.home}/key.pem" if self.certificate else ""
        text = _CONFIGURATION.format(
            home=self.home, ssl="yes" if self.certificate else "no", certificate=certificate, users=mine,
            password=PASSWORD.replace(" ", "_"), owner=self.owner, group=self.group, port=self.port,
            tls_port=self.tls_port if self.certificate else 0,
        )  # fmt: skip
        (self.home / "dovecot.conf").write_text(text, encoding="utf-8")

    @property
    def password(self) -> str:
        """Of the user."""
        return PASSWORD.replace(" ", "_")

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                said = self._process.stderr.read().decode() if self._process.stderr else ""
                raise RuntimeError(f"dovecot ended: {said} {self.log()}")
            with contextlib.suppress(OSError, imaplib.IMAP4.error), self.session():
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"dovecot does not answer: {self.log()}")

    def session(self) -> imaplib.IMAP4:
        """A signed-in session with the INBOX selected."""
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        server.login(USER, self.password)
        server.select("INBOX")
        return server

    def deliver(self, *mails: bytes) -> None:
        """Puts mails into the INBOX."""
        with self.session() as server:
            for one in mails:
                status, said = server.append("INBOX", "", imaplib.Time2Internaldate(time.time()), one)
                assert status == "OK", said

    def flags(self) -> list[list[str]]:
        """The flags of the mails in the INBOX, in order."""
        with self.session() as server:
            _, numbers = server.search(None, "ALL")
            found = []
            for number in numbers[0].split():
                _, said = server.fetch(number.decode(), "(FLAGS)")
                marks = imaplib.ParseFlags(said[0])
                found.append(sorted(one.decode() for one in marks if one != b"\\Recent"))
            return found

    def log(self) -> str:
        """What the server wrote."""
        path = self.home / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """Ends the server."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=20)
        if self._process.stderr is not None:
            self._process.stderr.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
