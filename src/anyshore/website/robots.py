"""What a robots.txt lets a crawler look at (RFC 9309).

Where the standard leaves a reader free to be lenient (section 2.2, "crawlers MAY interpret other records"), it is: a
missing colon, usual misspellings, and an agent named with more words than its token are read as they are meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_letters, digits

MOST_BYTES = 500 * 1024
"""Bytes that are read (section 2.5); the rest is passed over."""
MOST_LINE = 16_664
"""Bytes of a line that are read."""
_AGENT = ("user-agent", "useragent", "user agent")
_ALLOW = ("allow",)
_DISALLOW = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_LINE = re.compile(rb"\r\n|\n|\r")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = ascii_letters + digits + "-._~"
_INDEX = ("/index.html", "/index.htm")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a group.

    Attributes:
        allow: whether it lets in.
        path: its pattern, percent-encoded as addresses are compared.
        line: where it stands, from 1.
    """

    allow: bool
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Robots:
    """A robots.txt.

    Attributes:
        groups: tokens of agents in small letters, ``*`` for all others, with their rules; those of one agent together.
        sitemaps: addresses of sitemaps, as they stand.
    """

    groups: dict[str, tuple[Rule, ...]]
    sitemaps: tuple[str, ...] = ()

    def decides(self, agent: str, address: str) -> Rule | None:
        """The rule that decides on an address; None where none does, which lets in.

        Of all rules that fit, the one with the most octets decides, of equals the one that lets in (section 2.2.2).

        Args:
            agent: the product token of the crawler.
            address: of a page, or its path.
        """
        path = _compared(_path(address))
        rules = self.groups.get(agent.lower())
        if rules is None:
            rules = self.groups.get("*", ())
        best: tuple[int, bool] | None = None
        found = None
        for rule in rules:
            length = _fits(rule, path)
            if length and (best is None or (length, rule.allow) > best):
                best, found = (length, rule.allow), rule
        return found

    def allows(self, agent: str, address: str) -> bool:
        """Whether a crawler may look at an address."""
        rule = self.decides(agent, address)
        return rule is None or rule.allow


def read(content: bytes) -> Robots:
    """Reads a robots.txt; whatever it holds, something comes of it, for there is nobody to correct it."""
    groups: dict[str, list[Rule]] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    naming = False  # whether the lines before named agents: more of them belong to the same group
    for number, raw in enumerate(_LINE.split(content[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf")), start=1):
        key, value = _record(raw[:MOST_LINE].decode("utf-8", "replace"))
        if key in _AGENT:
            agents = [*agents, _agent(value)] if naming else [_agent(value)]
            naming = True
            groups.setdefault(agents[-1], [])
        elif key in _ALLOW or key in _DISALLOW:
            naming = False
            for agent in agents:
                groups[agent].append(Rule(key in _ALLOW, _compared(value), number))
        elif key == "sitemap" and value:
            sitemaps.append(value)
    groups.pop("", None)
    return Robots({agent: tuple(rules) for agent, rules in groups.items()}, tuple(sitemaps))


def _record(line: str) -> tuple[str, str]:
    """Key and value of a line; empty where it holds neither."""
    line = line.partition("#")[0].strip()
    key, colon, value = line.partition(":")
    if not colon:
        parts = line.split()
        if len(parts) != 2:
            return "", ""
        key, value = parts
    return key.strip().lower(), value.strip()


def _agent(value: str) -> str:
    """The token of an agent; of several words the first."""
    if value == "*" or value.startswith("* "):
        return "*"
    found = _TOKEN.match(value)
    return found[0].lower() if found else ""


def _path(address: str) -> str:
    """Path and query of an address; what stands before them and a fragment count for nothing."""
    rest = address.partition("#")[0]
    scheme, apart, after = rest.partition("//")
    if apart and scheme.endswith(":") and not {"/", "?"} & set(scheme):
        start = min((at for at in (after.find("/"), after.find("?"), after.find(";")) if at >= 0), default=len(after))
        rest = after[start:]
    return rest if rest.startswith("/") else f"/{rest}"


def _compared(path: str) -> str:
    """As paths are compared: letters outside ASCII percent-encoded, unreserved ones not (section 2.2.2)."""
    ascii_only = "".join(one if one.isascii() else "".join(f"%{b:02X}" for b in one.encode()) for one in path)
    return _ENCODED.sub(lambda found: _plain(found[1]), ascii_only)


def _plain(code: str) -> str:
    letter = chr(int(code, 16))
    return letter if letter in _UNRESERVED else f"%{code.upper()}"


def _fits(rule: Rule, path: str) -> int:
    """Octets of the pattern of a rule that fits a path; 0 where it does not."""
    if _matches(rule.path, path):
        return len(rule.path)
    if rule.allow:  # a page of a folder that is its index is the folder
        for index in _INDEX:
            if rule.path.endswith(index) and _matches(rule.path.removesuffix(index[1:]) + "$", path):
                return len(rule.path) - len(index) + 2
    return 0


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern fits the beginning of a path; ``*`` stands for anything, ``$`` at the end for the end.

    Parts are looked for one after the other, each as early as it can be, so no pattern takes long.
    """
    whole = pattern.endswith("$")
    parts = pattern.removesuffix("$").split("*")
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    last = parts[-1] if whole and len(parts) > 1 else None
    for part in parts[1 : -1 if last is not None else None]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return at == len(path) if whole else True
