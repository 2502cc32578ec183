"""A passkey as a browser would have registered it: a real key, a real attestation (W3C WebAuthn § 6.5)."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData


def registered(host: str = "testserver") -> dict[str, Any]:
    """The answer of `navigator.credentials.create()` as allauth keeps it."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    data = AuthenticatorData.create(
        sha256(host.encode()),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        1,
        AttestedCredentialData.create(bytes(16), b"passkey of a test", public),
    )
    client = CollectedClientData.create("webauthn.create", b"challenge", f"https://{host}")
    key = websafe_encode(b"passkey of a test")
    return {
        "id": key,
        "rawId": key,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
