"""Servers on this machine that answer as a test says."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from anyshore.host.outgoing.gate import Gate, listed

HERE = Gate(listed("127.0.0.0/8"))
"""A gate that lets this machine through."""

Talk = Callable[[socket.socket, bytes], None]
"""What a server does with a connection and the head of the request it brought."""


def says(text: str) -> Talk:
    """A server that always answers the same."""
    return lambda connection, _head: connection.sendall(text.replace("\n", "\r\n").encode())


@contextmanager
def serving(talk: Talk, trust: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server while it is needed; its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_one, args=(connection, talk, trust), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _one(connection: socket.socket, talk: Talk, trust: ssl.SSLContext | None) -> None:
    try:
        with trust.wrap_socket(connection, server_side=True) if trust else connection as talking:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = talking.recv(4096)
                if not piece:
                    return
                head += piece
            talk(talking, head)
    except OSError:
        pass


def certified(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side of TLS with a certificate made now, and the side of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address(name))]
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1)).add_extension(x509.SubjectAlternativeName(names), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, private)
    return server, ssl.create_default_context(cafile=str(certificate))
