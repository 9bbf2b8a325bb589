#!/usr/bin/env python3
"""Checks recovery certificates.

Written from docs/certificate.md alone. The tests use it as the second implementation.
"""

import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys
import unicodedata
from fractions import Fraction

try:
    import cryptography
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key
except ImportError:
    cryptography = None
    try:
        import nacl.exceptions
        import nacl.signing
    except ImportError:
        nacl = None

FILE_LIMIT = 256 * 1024 * 1024
CHECKPOINT_LIMIT = 16384
RSA_LIMIT = 2048  # bytes; what is longer could take for ever
GREATEST = 2**53 - 1
TREE_LIMIT = 2**64
WAYS = ("passkey", "signed_in", "mail_link", "plain_mail")
ACTORS = {
    "user": {"user": "user_"},
    "recovery_user": {"recovery_user": "rusr_"},
    "platform": {"token": "tokn_", "on_behalf_of": "user_"},
    "operator": {"token": "tokn_"},
    "service": {},
}
NULLS = (("operator", "token"), ("platform", "on_behalf_of"))


class Wrong(Exception):
    """A condition does not hold."""


class Failed(Exception):
    """The step with this code fails."""


def require(condition):
    if not condition:
        raise Wrong


def step(code, function, *arguments):
    try:
        return function(*arguments)
    except Wrong:
        raise Failed(code) from None


def need_cryptography():
    print("verify.py: install the Debian package python3-cryptography", file=sys.stderr)
    sys.exit(2)


# Terms


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hex_sha256(text):
    return sha256(text.encode()).hex()


def text(value):
    """Text without halves of surrogate pairs: these have no UTF-8."""
    require(isinstance(value, str))
    require(value.isascii() or not re.search("[\ud800-\udfff]", value))
    return value


def matched(pattern, value):
    require(isinstance(value, str))
    found = re.fullmatch(pattern, value)
    require(found)
    return found


def digest(value):
    return matched("[0-9a-f]{64}", value).group()


def identifier(prefix, value):
    return matched(prefix + "[0-7][0-9a-hjkmnp-tv-z]{25}", value).group()


def number(value):
    require(type(value) is int)  # a boolean is no number
    return value


def array(value):
    require(isinstance(value, list))
    return value


def members(value, needed, possible=(), others=False):
    """An object that has the needed members, and others only where they are allowed."""
    require(isinstance(value, dict) and value.keys() >= set(needed))
    require(others or value.keys() <= set(needed) | set(possible))
    return value


def user_ids(value):
    ids = [identifier("user_", item) for item in array(value)]
    require(all(one < next_one for one, next_one in zip(ids, ids[1:])))
    return ids


def moment(value):
    """The microseconds since the beginning of the calendar."""
    parts = matched(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{6})Z", value)
    year, month, day, hour, minute, second, micro = map(int, parts.groups())
    require(hour < 24 and minute < 60 and second < 60)
    try:
        days = datetime.date(year, month, day).toordinal()
    except ValueError:
        raise Wrong from None
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micro


def length(value):
    """The exact number of microseconds."""
    pattern = r"PT(?=.)(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,15}(?:\.[0-9]{1,15})?)S)?"
    hours, minutes, seconds = (Fraction(part or 0) for part in matched(pattern, value).groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000


def from_base64(value):
    """Only the one right form is taken: with padding, unused bits zero."""
    try:
        decoded = base64.b64decode(text(value), validate=True)
    except ValueError:
        raise Wrong from None
    require(base64.b64encode(decoded).decode() == value)
    return decoded


def from_base64url(value):
    plain = matched("[A-Za-z0-9_-]*", value).group().replace("-", "+").replace("_", "/")
    return from_base64(plain + "=" * (-len(plain) % 4))


# JSON


def whole(digits):
    if len(digits) > 16 or digits[0] == "-" or int(digits) > GREATEST:
        raise ValueError
    return int(digits)


def refuse(_):
    raise ValueError


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def once_in_ascii(pairs):
    if not all(name.isascii() for name, _ in pairs):
        raise ValueError
    return once(pairs)


FILE = json.JSONDecoder(
    object_pairs_hook=once, parse_int=whole, parse_float=refuse, parse_constant=refuse)
CANONICAL = json.JSONDecoder(
    object_pairs_hook=once_in_ascii, parse_int=whole, parse_float=refuse, parse_constant=refuse)
ANY = json.JSONDecoder(object_pairs_hook=once, parse_int=float, parse_constant=refuse)
ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def parse(decoder, content):
    try:
        return decoder.decode(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Wrong from None


def canonical(content):
    value = parse(CANONICAL, content.encode())
    try:
        require(ENCODER.encode(value) == content)
    except RecursionError:
        raise Wrong from None
    return value


# Signatures


def require_verified(load, signature, message, *how):
    try:
        load().verify(signature, message, *how)
    except (ValueError, InvalidSignature):
        raise Wrong from None


def require_ed25519(key, signature, message):
    # A key is a number below the prime, beside the sign (RFC 8032, 5.1.3).
    require(len(key) == 32 and int.from_bytes(key, "little") % 2**255 < 2**255 - 19)
    if cryptography:
        require_verified(
            lambda: ed25519.Ed25519PublicKey.from_public_bytes(key), signature, message)
    else:
        try:
            nacl.signing.VerifyKey(key).verify(message, signature)
        except (ValueError, nacl.exceptions.CryptoError):
            raise Wrong from None


def require_ecdsa(x, y, signature, message):
    require(len(x) == len(y) == 32)
    require_verified(
        lambda: ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y),
        signature, message, ec.ECDSA(SHA256()))


def require_rsa(n, e, signature, message):
    require(len(n) <= RSA_LIMIT and len(e) <= RSA_LIMIT)
    numbers = int.from_bytes(e, "big"), int.from_bytes(n, "big")
    require_verified(
        lambda: rsa.RSAPublicNumbers(*numbers).public_key(),
        signature, message, padding.PKCS1v15(), SHA256())


# The file


def read_file(content):
    require(len(content) <= FILE_LIMIT)
    certificate = members(parse(FILE, content), ("format", "log", "terms", "entries", "signatures"))
    require(certificate["format"] == "quorate-recovery-certificate/1")
    log = members(certificate["log"], ("key", "checkpoint"))
    text(log["key"])
    text(log["checkpoint"])
    text(certificate["terms"])
    for entry in array(certificate["entries"]):
        members(entry, ("body", "leaf", "path", "personal"))
        text(entry["body"])
        number(entry["leaf"])
        for sibling in array(entry["path"]):
            digest(sibling)
        for name, disclosed in members(entry["personal"], (), others=True).items():
            text(name)
            members(disclosed, ("salt", "value"))
            text(disclosed["salt"])
            text(disclosed["value"])
    for user, signed in members(certificate["signatures"], (), others=True).items():
        identifier("user_", user)
        text(signed)
    return certificate


# 1. The checkpoint


def key_name(value):
    require(value and "+" not in value)
    require(not any(char.isspace() or unicodedata.category(char) == "Cc" for char in value))
    return value


def check_checkpoint(log):
    """Gives the size and the root of the tree."""
    parts = log["key"].split("+", 2)
    require(len(parts) == 3)
    name = key_name(parts[0])
    typed_key = from_base64(parts[2])
    require(len(typed_key) == 33 and typed_key[0] == 1)
    key_id = sha256(name.encode(), b"\n", typed_key)[:4]
    require(parts[1] == key_id.hex())

    note = log["checkpoint"]
    require(len(note.encode()) <= CHECKPOINT_LIMIT)
    require(not any(unicodedata.category(char) == "Cc" for char in note if char != "\n"))
    signed, separator, signatures = note.rpartition("\n\n")
    require(separator and signatures.endswith("\n"))
    lines = signed.split("\n")
    require(len(lines) >= 3 and all(lines))
    require(lines[0] == name)
    size = int(matched("0|[1-9][0-9]{0,19}", lines[1]).group())
    require(size < TREE_LIMIT)
    root = from_base64(lines[2])
    require(len(root) == 32)

    words = signatures[:-1].split(" ")
    require(len(words) == 3 and words[0] == "\u2014" and words[1] == name)
    signature = from_base64(words[2])
    require(len(signature) == 68 and signature[:4] == key_id)
    require_ed25519(typed_key[1:], signature[4:], signed.encode() + b"\n")
    return size, root


# 2. The key


def check_key(log, key):
    require(key is None or log["key"] == key)


# 3. Each entry, in order


def check_entry(content):
    """Gives the body."""
    body = members(
        canonical(content),
        ("account", "seq", "at", "kind", "actor", "prev"),
        ("case", "user", "owners", "data", "personal"))
    identifier("acct_", body["account"])
    number(body["seq"])
    moment(body["at"])
    text(body["kind"])
    digest(body["prev"])
    actor = members(body["actor"], ("type",), others=True)
    names = ACTORS.get(text(actor["type"]))
    require(names is not None)
    members(actor, ("type", *names))
    for name, prefix in names.items():
        if actor[name] is not None or (actor["type"], name) not in NULLS:
            identifier(prefix, actor[name])
    if "case" in body:
        identifier("case_", body["case"])
    if "user" in body:
        identifier("user_", body["user"])
    if "owners" in body:
        owners = members(body["owners"], ("added", "removed"))
        user_ids(owners["added"])
        user_ids(owners["removed"])
    if "data" in body:
        require(members(body["data"], (), others=True))
    if "personal" in body:
        require(members(body["personal"], (), others=True))
        for value in body["personal"].values():
            digest(value)
    return body


def check_chain(body, before, content_before):
    require(body["account"] == before["account"])
    require(body["seq"] == before["seq"] + 1)
    require(body["prev"] == hex_sha256(content_before))


def check_sealed(entry, leaf_before, size, root):
    require(entry["leaf"] > leaf_before and entry["leaf"] < size)
    first, last = entry["leaf"], size - 1
    node = sha256(b"\x00", sha256(entry["body"].encode()))
    for sibling in map(bytes.fromhex, entry["path"]):
        require(last > 0)
        if first & 1 or first == last:
            node = sha256(b"\x01", sibling, node)
            while first and not first & 1:
                first >>= 1
                last >>= 1
        else:
            node = sha256(b"\x01", node, sibling)
        first >>= 1
        last >>= 1
    require(last == 0 and node == root)


def check_personal(disclosed, body):
    hashes = body.get("personal", {})
    for name, member in disclosed.items():
        salt = bytes.fromhex(matched("[0-9a-f]{32}", member["salt"]).group())
        require(hashes.get(name) == sha256(salt, member["value"].encode()).hex())


def check_entries(entries, size, root):
    """Gives the bodies."""
    bodies = []
    leaf, content = -1, ""
    for entry in entries:
        body = step("entry", check_entry, entry["body"])
        if bodies:
            step("chain", check_chain, body, bodies[-1], content)
        step("sealed", check_sealed, entry, leaf, size, root)
        step("personal", check_personal, entry["personal"], body)
        bodies.append(body)
        leaf, content = entry["leaf"], entry["body"]
    return bodies


# 4. The case


def person(value):
    members(value, ("id", "name", "email"), others=True)
    text(value["name"])
    text(value["email"])
    return identifier("user_", value["id"])


class Case:
    """The terms of a case, and what the entries make of it."""

    def __init__(self, content):
        terms = members(
            canonical(content),
            ("case", "account", "kind", "route", "owners", "nominee", "electorate", "required",
             "opened_at", "policy"),
            others=True)
        policy = members(
            terms["policy"],
            ("waiting_period", "key_waiting_period", "min_notice", "voting_window", "ballots",
             "pauses", "keys_required", "nominee_approval"),
            others=True)
        self.terms_hash = hex_sha256(content)
        self.id = identifier("case_", terms["case"])
        self.account = identifier("acct_", terms["account"])
        require(terms["kind"] in ("replace", "add") and terms["route"] in ("vote", "keys"))
        self.with_keys = terms["route"] == "keys"
        owners = [person(owner) for owner in array(terms["owners"])]
        self.owners = set(owners)
        self.owner_people = terms["owners"]
        self.nominee_person = terms["nominee"]
        self.kind = terms["kind"]
        self.removed = sorted(owners) if terms["kind"] == "replace" else []
        self.nominee = person(terms["nominee"])
        self.electorate = user_ids(terms["electorate"])
        self.electors = set(self.electorate)
        self.required = number(terms["required"])
        self.opened_at = moment(terms["opened_at"])
        lengths = {name: length(policy[name]) for name in
                   ("waiting_period", "key_waiting_period", "min_notice", "voting_window")}
        self.waiting = lengths["key_waiting_period" if self.with_keys else "waiting_period"]
        self.min_notice = lengths["min_notice"]
        require(all(way in WAYS for way in array(policy["ballots"])))
        self.ways = set(policy["ballots"])
        if "signed_in" in self.ways:
            self.ways.add("passkey")
        self.most_pauses = number(policy["pauses"])
        self.keys_required = number(policy["keys_required"])
        require(policy["nominee_approval"] in ("counts", "does_not_count"))

        self.barred = set(owners)  # whose approval does not count
        if self.with_keys or policy["nominee_approval"] == "does_not_count":
            self.barred.add(self.nominee)
        self.ballots = {}  # of an elector: choice, way, and SHA-256 of the signature
        self.recorded = {}  # of an elector: in which entry their last ballot stands
        self.lost = set()
        self.approving = set()
        self.redeemed = set()
        self.keys = set()  # recovery users whose keys count
        self.accepted = False
        self.state = "collecting"
        self.due = self.until = None
        self.pauses = 0
        self.prolonged = False

    def suffices(self):
        return len(self.approving) >= self.required and (
            not self.with_keys or (self.accepted and len(self.keys) >= self.keys_required))

    def opened(self, body, data):
        require(body["kind"] == "case.opened" and "owners" not in body)
        require(body["account"] == self.account and body.get("case") == self.id)
        require(moment(body["at"]) == self.opened_at and body.get("user") == self.nominee)
        self.require_terms(data)
        require(data.get("electorate") == self.electorate)
        require(number(data.get("required")) == self.required)
        require(body["actor"]["type"] in ("user", "recovery_user"))
        self.opener = body["actor"].get("user")

    def require_terms(self, data):
        require(data.get("terms_hash") == self.terms_hash)

    def require_approvals(self, data):
        require(self.suffices() and number(data.get("approvals")) == len(self.approving))

    def elector(self, body):
        user = body.get("user")
        require(user in self.electors and user not in self.lost)
        return user

    def replay(self, place, body, data):
        """Takes one entry of this case between the first and the last one."""
        require("owners" not in body)
        kind, actor, at = body["kind"], body["actor"], moment(body["at"])
        if not kind.startswith("case."):
            return
        if kind == "case.ballot_cast":
            self.require_terms(data)
            way, choice = text(data.get("way")), data.get("choice")
            require(way in self.ways and choice in ("approve", "reject"))
            user = self.elector(body)
            require(actor == {"type": "user", "user": user})
            if way == "passkey" or "signature" in data:
                digest(data.get("signature"))
            self.ballots[user] = choice, way, data.get("signature")
            self.recorded[user] = place
            self.approving.discard(user)
            if choice == "approve" and user not in self.barred:
                self.approving.add(user)
        elif kind == "case.ballot_taken_back":
            user = self.elector(body)
            self.ballots.pop(user, None)
            self.approving.discard(user)
        elif kind == "case.ballot_lost":
            user = self.elector(body)
            self.lost.add(user)
            self.approving.discard(user)
        elif kind == "case.key_redeemed":
            self.require_terms(data)
            user = identifier("rusr_", data.get("recovery_user"))
            require(user not in self.redeemed)
            self.redeemed.add(user)
            self.keys.add(user)
            if data.get("member") is not None:
                member = identifier("user_", data["member"])
                if self.with_keys:
                    self.barred.add(member)
                    self.approving.discard(member)
        elif kind == "case.key_lost":
            user = identifier("rusr_", data.get("recovery_user"))
            require(user in self.redeemed)
            self.keys.discard(user)
        elif kind == "case.accepted":
            require(body.get("user") == self.nominee)
            require(actor == {"type": "user", "user": self.nominee})
            self.accepted = True
        elif kind == "case.quorum_reached":
            require(self.state == "collecting")
            self.require_approvals(data)
            self.due = at + self.waiting * (self.pauses + 1)
            require(moment(data.get("due_at")) == self.due)
            self.state, self.prolonged = "waiting", False
        elif kind == "case.fell_short":
            require(self.state in ("waiting", "paused") and not self.suffices())
            self.state = "collecting"
        elif kind == "case.paused":
            require(self.state == "waiting" and self.pauses < self.most_pauses)
            require(actor["type"] == "user" and actor["user"] in self.owners)
            self.until = at + self.waiting
            self.due += self.waiting
            require(moment(data.get("until")) == self.until)
            require(moment(data.get("due_at")) == self.due)
            self.state, self.pauses = "paused", self.pauses + 1
        elif kind == "case.resumed":
            require(self.state == "paused" and self.until <= at)
            require(moment(data.get("due_at")) == self.due)
            self.state = "waiting"
        elif kind == "case.extended":
            require(self.state == "waiting" and self.due <= at and not self.prolonged)
            self.due = at + self.waiting
            require(moment(data.get("due_at")) == self.due)
            self.prolonged = True
        else:
            # What ends the case is wrong here: nothing may come behind it.
            require(kind in ("case.reminded", "case.owners_reminded"))

    def completed(self, body, data):
        at = moment(body["at"])
        require(body["kind"] == "case.completed" and body.get("case") == self.id)
        require(self.state == "waiting" and self.due <= at)
        self.require_approvals(data)
        self.require_terms(data)
        require(body.get("owners") == {"added": [self.nominee], "removed": self.removed})
        if "alerts" in data:
            alerts = members(data["alerts"], (), others=True)
            if data.get("notice") == "in_time":
                for owner in self.owners:
                    require(moment(alerts.get(owner)) <= at - self.min_notice)


def check_case(terms, bodies):
    """Gives the case as it is at its end."""
    case = Case(terms)
    require(len(bodies) >= 2)
    case.opened(bodies[0], bodies[0].get("data", {}))
    for place, body in enumerate(bodies[1:-1], 1):
        if body.get("case") == case.id:
            case.replay(place, body, body.get("data", {}))
    case.completed(bodies[-1], bodies[-1].get("data", {}))
    return case


# 5. The signatures


def check_signature(content, terms_hash, choice, signed_hash):
    require(hex_sha256(content) == signed_hash)
    signed = members(
        canonical(content),
        ("passkey", "public_key", "relying_party", "origin", "nonce", "authenticator_data",
         "client_data", "signature"))
    identifier("cred_", signed["passkey"])
    text(signed["origin"])
    nonce = from_base64url(signed["nonce"])
    require(len(nonce) == 32)
    challenge = sha256(
        b"quorate ballot v1\x00", bytes.fromhex(terms_hash), bytes([choice == "approve"]), nonce)

    client_data = from_base64url(signed["client_data"])
    client = members(parse(ANY, client_data), ("type", "challenge", "origin"), others=True)
    require(client["type"] == "webauthn.get" and from_base64url(client["challenge"]) == challenge)
    require(client["origin"] == signed["origin"] and client.get("crossOrigin", False) is False)

    authenticator_data = from_base64url(signed["authenticator_data"])
    require(len(authenticator_data) >= 37)
    require(authenticator_data[:32] == sha256(text(signed["relying_party"]).encode()))
    require(authenticator_data[32] & 0b101 == 0b101)

    require_signed(
        members(signed["public_key"], ("type_", "key")),
        from_base64url(signed["signature"]), authenticator_data + sha256(client_data))


def require_signed(public_key, signature, message):
    kind, key = public_key["type_"], public_key["key"]
    if kind in ("ES256", "RS256") and not cryptography:
        need_cryptography()
    if kind == "ES256":
        point = members(members(key, ("EC_EC2",))["EC_EC2"], ("curve", "x", "y"))
        require(point["curve"] == "SECP256R1")
        require_ecdsa(from_base64url(point["x"]), from_base64url(point["y"]), signature, message)
    elif kind == "EDDSA":
        point = members(members(key, ("EC_OKP",))["EC_OKP"], ("curve", "x"))
        require(point["curve"] == "ED25519")
        require_ed25519(from_base64url(point["x"]), signature, message)
    else:
        require(kind == "RS256")
        numbers = members(members(key, ("RSA",))["RSA"], ("n", "e"))
        require_rsa(from_base64url(numbers["n"]), from_base64url(numbers["e"]), signature, message)


def check_signatures(signatures, case):
    with_passkey = [user for user in case.electorate
                    if user in case.ballots and case.ballots[user][1] == "passkey"]
    for user in with_passkey:
        choice, _, signed_hash = case.ballots[user]
        check_signature(signatures.get(user, ""), case.terms_hash, choice, signed_hash)
    require(len(signatures) == len(with_passkey))


# 6. The mails

MAIL_LIMIT = 262144
RECORD_LIMIT = 4096
FIELDS_LIMIT = 500
DEEPEST_WITH_PARTS = 9
BLANKS = " \t"
DAY = 24 * 60 * 60 * 1_000_000
TEN_MINUTES = 10 * 60 * 1_000_000
EPOCH = datetime.date(1970, 1, 1).toordinal() * DAY
WEEKDAYS = ("Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,", "Sun,")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MARKS = ".,;:!\"'\u201c\u201d\u201e\u2018\u2019"
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
OWNER_IS = "the current account owner".split()
THEREFORE = "is not contactable and therefore".split()
SHOULD_BE = "should be made the new account owner".split()
GREETINGS = ("dear", "hello", "hi", "hey", "good", "greetings", "to")
ANSWERS = {
    "approve": ("i approve", "approve", "approved", "yes", "i agree"),
    "reject": ("i reject", "reject", "rejected", "no", "i disagree"),
}
SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def small(value):
    return value.translate(SMALL)


# Its header


class Header:
    def __init__(self, content):
        self.fields = []
        self.body = b""
        while content:
            if content.startswith(b"\r\n"):
                self.body = content[2:]
                break
            found = re.match(rb"([!-9;-~]+):((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)", content)
            require(found)
            name, said = found.groups()
            require(said.endswith(b"\r\n"))
            require(not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", said))
            require(not re.search(rb"\n[ \t]+\r\n", said))
            self.fields.append((name, said))
            content = content[found.end():]
        require(1 <= len(self.fields) <= FIELDS_LIMIT)

    def all(self, name):
        return [said for other, said in self.fields if small(other.decode()) == name]

    def line(self, name):
        """What the field says in one line; nothing where there is none."""
        said = self.all(name)
        require(len(said) <= 1)
        if not said:
            return None
        require(said[0].isascii())
        return said[0].decode().replace("\r\n", "").strip(BLANKS)


def read_mail(content):
    require(b"\x00" not in content)
    require(content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n"))
    header = Header(content)
    for name in ("dkim-signature", "from", "to", "subject", "date"):
        require(len(header.all(name)) == 1)
    for name in ("dkim-signature", "from", "to", "date", "content-type", "content-transfer-encoding"):
        header.line(name)
    return header


# Its signature


def read_tags(content):
    pieces = content.split(";")
    if not pieces[-1].strip(" \t\r\n"):
        pieces.pop()
    tags = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = matched("[A-Za-z][A-Za-z0-9_]*", name.strip(" \t\r\n")).group()
        require(equals and name not in tags)
        tags[name] = value.strip(" \t\r\n")
    return tags


def joined(tags, name):
    return None if name not in tags else re.sub("[ \t\r\n]", "", tags[name])


def tag_bytes(tags, name):
    value = from_base64(joined(tags, name))
    require(value)
    return value


def domain_name(value):
    require(value is not None and len(value) <= 253)
    return matched(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*", value).group()


def tag_moment(tags, name):
    if name not in tags:
        return None
    return int(matched("[0-9]{1,12}", tags[name]).group()) * 1_000_000 + EPOCH


class Signed:
    def __init__(self, header, at):
        self.said, = header.all("dkim-signature")
        tags = read_tags(self.said.decode())
        require(joined(tags, "v") == "1" and "l" not in tags)
        require("q" not in tags or "dns/txt" in joined(tags, "q").split(":"))
        self.domain = small(domain_name(joined(tags, "d")))
        domain_name(joined(tags, "s"))
        self.identity = self.domain
        if "i" in tags:
            _, sign, place = joined(tags, "i").rpartition("@")
            self.identity = small(place)
            require(sign and ("." + self.identity).endswith("." + self.domain))
        require("h" in tags)
        self.names = small(joined(tags, "h")).split(":")
        require(all(re.fullmatch("[!-~]+", name) for name in self.names))
        require({"from", "to", "subject", "date"} <= set(self.names))
        self.algorithm = small(joined(tags, "a") or "")
        require(self.algorithm in ("rsa-sha256", "ed25519-sha256"))
        forms = small(joined(tags, "c") if "c" in tags else "simple").split("/")
        require(len(forms) <= 2 and all(form in ("relaxed", "simple") for form in forms))
        self.header_form, self.body_form = (*forms, "simple")[:2]
        signed, expires = tag_moment(tags, "t"), tag_moment(tags, "x")
        require(signed is None or signed <= at + TEN_MINUTES)
        require(expires is None or (expires > at and (signed is None or expires > signed)))
        self.body_hash = tag_bytes(tags, "bh") if "bh" in tags else b""
        require("b" in tags)
        self.signature = tag_bytes(tags, "b")

    def require_right(self, header, key):
        require(self.body_hash == sha256(self.body(header.body)))
        message = b"".join(self.signed_fields(header))
        if self.algorithm == "ed25519-sha256":
            require_ed25519(key, self.signature, sha256(message))
            return
        if not cryptography:
            need_cryptography()
        try:
            public = load_der_public_key(key)
        except (ValueError, cryptography.exceptions.UnsupportedAlgorithm):
            raise Wrong from None
        require(isinstance(public, rsa.RSAPublicKey) and 1024 <= public.key_size <= 8192)
        require_verified(lambda: public, self.signature, message, padding.PKCS1v15(), SHA256())

    def body(self, body):
        lines = body.split(b"\r\n")
        if self.body_form == "relaxed":
            lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in lines]
        while lines and not lines[-1]:
            lines.pop()
        if not lines and self.body_form == "relaxed":
            return b""
        return b"\r\n".join(lines) + b"\r\n"

    def field(self, name, said):
        if self.header_form == "simple":
            return name + b":" + said
        end = b"\r\n" if said.endswith(b"\r\n") else b""
        said = re.sub(rb"[ \t]+", b" ", said.replace(b"\r\n", b"")).strip(b" ")
        return small(name.decode()).encode() + b":" + said + end

    def signed_fields(self, header):
        left = list(header.fields)
        for wanted in self.names:
            for place in range(len(left) - 1, -1, -1):
                if small(left[place][0].decode()) == wanted:
                    yield self.field(*left.pop(place))
                    break
        pieces = self.said.removesuffix(b"\r\n").split(b";")
        for place, piece in enumerate(pieces):
            name, _, _ = piece.partition(b"=")
            if name.strip(b" \t\r\n") == b"b":
                pieces[place] = name + b"="
        name, = (name for name, _ in header.fields if small(name.decode()) == "dkim-signature")
        yield self.field(name, b";".join(pieces))


def read_key(record, signed):
    require(len(record) <= RECORD_LIMIT and re.fullmatch("[ -~]*", record))
    tags = read_tags(record)
    if "v" in tags:
        require(joined(tags, "v") == "DKIM1" and record.lstrip(" ").startswith("v"))
    flags = (joined(tags, "t") or "").split(":")
    require("y" not in flags and ("s" not in flags or signed.identity == signed.domain))
    kind = "rsa" if signed.algorithm == "rsa-sha256" else "ed25519"
    require(tags.get("k") is None and kind == "rsa" or joined(tags, "k") == kind)
    require("h" not in tags or "sha256" in joined(tags, "h").split(":"))
    require("s" not in tags or {"*", "email"} & set(joined(tags, "s").split(":")))
    require("p" in tags)
    return tag_bytes(tags, "p")


# Whose it is, to whom, and when


def addresses(line):
    plain, depth, letters = [], 0, iter(line)
    for letter in letters:
        if letter == "\\":
            require(next(letters, None))
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            require(depth >= 0)
        elif depth:
            continue
        elif letter == '"':
            for quoted in letters:
                if quoted == '"':
                    break
                if quoted == "\\":
                    require(next(letters, None))
            else:
                raise Wrong
            plain.append(" ")
        else:
            plain.append(letter)
    require(depth == 0)
    return {piece for piece in re.split("[ \t<>,;:]", small("".join(plain))) if "@" in piece}


def read_sender(header, signed, user, case):
    found = addresses(header.line("from"))
    require(len(found) == 1)
    sender, = found
    require(sender.rpartition("@")[2] == signed.domain)
    if user == case.nominee:
        require(sender == case.nominee_person["email"])
    else:
        people = [case.nominee_person, *case.owner_people]
        require(all(sender != person["email"] for person in people))
    return sender


def can_answer(header, ours):
    local, sign, place = ours.partition("@")
    require(sign)
    found = addresses(header.line("to"))
    answers = any(
        re.fullmatch(re.escape(local) + r"\+[^@]+@" + re.escape(place), address, re.DOTALL)
        for address in found)
    require(answers or ours in found)
    return answers


def read_date(line):
    words = re.split("[ \t]+", line.partition("(")[0].strip(BLANKS))
    weekday = words.pop(0) if words[0] in WEEKDAYS else None
    require(len(words) == 5)
    day, month, year, time, zone = words
    require(month in MONTHS)
    day = int(matched("[0-9]{1,2}", day).group())
    year = int(matched("[0-9]{4}", year).group())
    parts = matched("([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", time).groups()
    hour, minute, second = (int(part or 0) for part in parts)
    require(hour < 24 and minute < 60 and second < 60)
    zone = "+0000" if zone in ("GMT", "UT", "UTC") else zone
    sign, hours, minutes = matched("([+-])([0-9]{2})([0-9]{2})", zone).groups()
    require(int(hours) < 24 and int(minutes) < 60)
    try:
        date = datetime.date(year, MONTHS.index(month) + 1, day)
    except ValueError:
        raise Wrong from None
    require(weekday is None or WEEKDAYS[date.weekday()] == weekday)
    east = (int(hours) * 60 + int(minutes)) * (1 if sign == "+" else -1)
    return ((date.toordinal() * 24 * 60 + hour * 60 + minute - east) * 60 + second) * 1_000_000


def check_date(header, at, user, case):
    written = read_date(header.line("date"))
    require(at - DAY < written <= at + TEN_MINUTES)
    if user != case.opener or at != case.opened_at:
        require(written >= case.opened_at - case.opened_at % 1_000_000)


# What it says


def parameter(line, name):
    places = [found.start() for found in re.finditer(re.escape(name) + "=", small(line))]
    require(len(places) <= 1)
    if not places:
        return None
    require(places[0] > 0 and line[places[0] - 1] in " \t;")
    rest = line[places[0] + len(name) + 1:]
    if rest.startswith('"'):
        value, end, _ = rest[1:].partition('"')
        require(end)
    else:
        value = re.split("[ \t;]", rest)[0]
    require(value)
    return value


class Part:
    def __init__(self, header, body):
        self.body = body
        content = header and header.line("content-type")
        coding = header and header.line("content-transfer-encoding")
        how = header and header.line("content-disposition")
        self.type = "text/plain"
        self.boundary = self.charset = None
        if content is not None:
            self.type = small(content.partition(";")[0].strip(BLANKS))
            charset = parameter(content, "charset")
            self.charset = charset and small(charset)
            if self.with_parts():
                self.boundary = parameter(content, "boundary")
                require(self.boundary)
        self.coding = small(coding) if coding is not None else "7bit"
        require(self.coding in ("7bit", "8bit", "binary", "quoted-printable", "base64"))
        self.attached = how is not None and small(how).startswith("attachment")

    def with_parts(self):
        return self.type.startswith("multipart/")

    def marks(self):
        return f"--{self.boundary}".encode(), f"--{self.boundary}--".encode()

    def marks_itself(self):
        lines = [bare(line) for line in self.body.split(b"\n")]
        between, behind = self.marks()
        return lines[0] == between and [line for line in lines if line][-1] == behind

    def parts(self):
        between, behind = self.marks()
        found = []
        for line in lines_of(self.body):
            if bare(line) == behind:
                require(found)
                return [read_part(b"".join(part)) for part in found]
            if bare(line) == between:
                found.append([])
            elif found:
                found[-1].append(line)
        raise Wrong

    def texts(self, depth):
        if self.attached:
            return []
        if self.with_parts():
            require(depth <= DEEPEST_WITH_PARTS)
            return [found for part in self.parts() for found in part.texts(depth + 1)]
        return [self.text()] if self.type == "text/plain" else []

    def text(self):
        content = self.decoded()
        if self.charset in (None, "us-ascii", "utf-8"):
            encoding = "utf-8"
        elif self.charset == "iso-8859-1":
            encoding = "latin-1"
        elif self.charset == "windows-1252":
            encoding = "cp1252"
        else:
            require(self.charset.startswith(("iso-8859-", "windows-125", "koi8-")))
            encoding = "ascii"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            raise Wrong from None

    def decoded(self):
        if self.coding == "base64":
            content = re.sub(rb"[ \t\r\n]", b"", self.body)
            require(content.isascii())
            return from_base64(content.decode())
        if self.coding != "quoted-printable":
            return self.body
        decoded = []
        for line in lines_of(self.body):
            end = b"\r\n" if line.endswith(b"\n") else b""
            line = bare(line)
            if line.endswith(b"="):
                line, end = line[:-1], b""
            require(re.fullmatch(rb"(?:[^=]|=[0-9A-Fa-f]{2})*", line, re.DOTALL))
            decoded.append(re.sub(
                rb"=(..)", lambda found: bytes.fromhex(found.group(1).decode()), line) + end)
        return b"".join(decoded)


def lines_of(content):
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def bare(line):
    """Without its end, and without the blanks before that."""
    return line.removesuffix(b"\n").removesuffix(b"\r").rstrip(b" \t")


def read_part(content):
    if content.startswith(b"\r\n"):
        return Part(None, content[2:])
    header = Header(content)
    return Part(header, header.body)


def read_text(header, signed):
    mail = Part(header, header.body)
    if mail.with_parts():
        require("content-type" in signed.names or mail.marks_itself())
    elif mail.coding in ("quoted-printable", "base64"):
        require("content-transfer-encoding" in signed.names)
    texts = mail.texts(0)
    require(len(texts) == 1)
    return texts[0]


def own_lines(content):
    lines = [[word for word in re.split(f"[{WHITE}]", line) if word]
             for line in content.removeprefix("\ufeff").split("\n")]
    return [line for line in lines if line and not line[0].startswith(">")]


def compared(word):
    return small(word.strip(MARKS))


def greets(line):
    return len(line) <= 5 and compared(line[0]) in GREETINGS


def find(words, start, phrase):
    plain = [compared(word) for _, word in words]
    for place in range(start, len(words) - len(phrase) + 1):
        if plain[place:place + len(phrase)] == phrase:
            return place
    return None


def sentence(lines):
    """The words that name the owner, and those that name the nominee."""
    words = [(place, word) for place, line in enumerate(lines) for word in line]
    begin = find(words, 0, OWNER_IS)
    if begin is None:
        return None
    middle = find(words, begin + len(OWNER_IS), THEREFORE)
    if middle is None:
        return None
    end = find(words, middle + len(THEREFORE), SHOULD_BE)
    if end is None:
        return None
    before = [(place, word) for place, word in words[:begin] if word.strip(MARKS)]
    if before and not (len({place for place, _ in before}) == 1 and greets([word for _, word in before])):
        return None
    return ([word for _, word in words[begin + len(OWNER_IS):middle]],
            [word for _, word in words[middle + len(THEREFORE):end]])


def pieces(value):
    found = re.split(f"[{WHITE}()<>\\[\\]\",;:\u201c\u201d\u201e]", value)
    return [piece for piece in found if piece and piece != "."]


def plain_name(words):
    return unicodedata.normalize("NFC", " ".join(words)).lower()


def require_named(words, person):
    found = pieces(" ".join(words))
    named = [small(piece.strip(".")) for piece in found if "@" in piece]
    require(named and all(address == person["email"] for address in named))
    names = [piece for piece in found if "@" not in piece and piece != "mailto"]
    require(plain_name(names) == plain_name(pieces(person["name"])))


def check_words(content, choice, answers, case):
    lines = own_lines(content)
    people = sentence(lines)
    if people:
        require(choice == "approve" and case.kind == "replace" and len(case.owner_people) == 1)
        require_named(people[0], case.owner_people[0])
        require_named(people[1], case.nominee_person)
        return
    require(answers and lines)
    line = lines[0]
    if greets(line):
        require(len(lines) > 1)
        line = lines[1]
    require(small(" ".join(line).strip(MARKS)) in ANSWERS[choice])


def check_mail(value, checked, user, at, case):
    """Gives the sender."""
    content = from_base64(value)
    require(len(content) <= MAIL_LIMIT)
    header = read_mail(content)
    signed = Signed(header, at)
    signed.require_right(header, read_key(checked["key"], signed))
    sender = read_sender(header, signed, user, case)
    answers = can_answer(header, checked["to"])
    check_date(header, at, user, case)
    check_words(read_text(header, signed), case.ballots[user][0], answers, case)
    return sender


def check_mails(entries, bodies, case):
    senders, places = set(), set()
    for user in case.electorate:
        if user not in case.ballots or case.ballots[user][1] != "plain_mail":
            continue
        place = case.recorded[user]
        places.add(place)
        body, disclosed = bodies[place], entries[place]["personal"]
        checked = body.get("data", {}).get("mail")
        require(("mail" in body.get("data", {})) == ("mail" in body.get("personal", {})))
        if "mail" not in body.get("personal", {}):
            continue
        members(checked, ("key", "to"))
        text(checked["key"])
        text(checked["to"])
        if "mail" in disclosed:
            sender = check_mail(disclosed["mail"]["value"], checked, user, moment(body["at"]), case)
            require(sender not in senders)
            senders.add(sender)
    for place, entry in enumerate(entries):
        require(place in places or "mail" not in entry["personal"])


def verdict(content, key):
    try:
        certificate = step("malformed", read_file, content)
        size, root = step("checkpoint", check_checkpoint, certificate["log"])
        step("key", check_key, certificate["log"], key)
        bodies = check_entries(certificate["entries"], size, root)
        case = step("case", check_case, certificate["terms"], bodies)
        step("signature", check_signatures, certificate["signatures"], case)
        step("mail", check_mails, certificate["entries"], bodies, case)
    except Failed as failed:
        return failed.args[0]
    return "valid"


def main():
    parser = argparse.ArgumentParser(description="Checks recovery certificates.")
    parser.add_argument("--key", help="the key that the log must have")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    if not cryptography and not nacl:
        need_cryptography()
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        files = []
        for path in arguments.paths:
            if path.is_dir():
                files += sorted(found for found in path.glob("*.json") if found.is_file())
            elif path.is_file():
                files.append(path)
            else:
                parser.error(f"{path} is neither a file nor a directory")
        for path in files:
            with path.open("rb") as file:
                print(path.name, verdict(file.read(FILE_LIMIT + 1), arguments.key))
    except OSError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
