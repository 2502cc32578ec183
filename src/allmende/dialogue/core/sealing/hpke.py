"""A message for whoever holds a private key, from nobody: what libsodium calls a sealed box, here as RFC 9180 (HPKE).

Base mode, single shot, DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003. An ephemeral
key pair is made for each message; both public keys go into the key derivation; the key is used once, so the nonce is
derived too. Differs from libsodium's crypto_box_seal (X25519, HSalsa20, XSalsa20-Poly1305, nonce by BLAKE2b) in having
associated data. The primitives are those of the library `cryptography`; only their order is here, section by section,
because the library's own HPKE takes no associated data. Without it the two give the same (tests).
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from .refusal import Refused

PUBLIC = 32
TAG = 16
OVERHEAD = PUBLIC + TAG
_KEM = b"KEM\x00\x20"
_SUITE = b"HPKE\x00\x20\x00\x01\x00\x03"


def seal(message: bytes, public: X25519PublicKey, info: bytes, associated: bytes) -> bytes:
    """Ephemeral public key (32 bytes), then the encrypted message with its tag of 16 bytes (section 6.1, SealBase).

    Raises Refused: public_key (a point of small order).
    """
    ephemeral = X25519PrivateKey.generate()
    enc = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(public)
    except ValueError:
        raise Refused("public_key") from None
    key, nonce = _schedule(shared, enc, public.public_bytes_raw(), info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, message, associated)


def unseal(sealed: bytes, private: X25519PrivateKey, info: bytes, associated: bytes) -> bytes:
    """The message (section 6.1, OpenBase). Raises Refused: envelope, whatever is wrong with it."""
    enc, encrypted = sealed[:PUBLIC], sealed[PUBLIC:]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
        key, nonce = _schedule(shared, enc, private.public_key().public_bytes_raw(), info)
        return ChaCha20Poly1305(key).decrypt(nonce, encrypted, associated)
    except (ValueError, InvalidTag):
        raise Refused("envelope") from None


def _schedule(dh: bytes, enc: bytes, public: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Key and nonce: section 4.1 (ExtractAndExpand), then 5.1 (KeySchedule in mode 0, no pre-shared key)."""
    shared = _expand(_extract(b"", _KEM, b"eae_prk", dh), _KEM, b"shared_secret", enc + public, 32)
    context = b"\x00" + _extract(b"", _SUITE, b"psk_id_hash", b"") + _extract(b"", _SUITE, b"info_hash", info)
    secret = _extract(shared, _SUITE, b"secret", b"")
    return _expand(secret, _SUITE, b"key", context, 32), _expand(secret, _SUITE, b"base_nonce", context, 12)


def _extract(salt: bytes, suite: bytes, label: bytes, material: bytes) -> bytes:
    """Section 4, LabeledExtract. HKDF-Extract is HMAC(salt, material), RFC 5869 section 2.2."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, hashlib.sha256)


def _expand(secret: bytes, suite: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """Section 4, LabeledExpand."""
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    return HKDFExpand(SHA256(), length, info).derive(secret)
