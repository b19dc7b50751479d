"""The container of a PAdES B-B signature (RFC 5652, ETSI EN 319 122): who signed which digest, with what key.

Built with asn1crypto, and by the book no more than needed: content type, digest, and the signer's certificate bound by
its hash. Only the digest and the signature differ from file to file, so the rest is made once per key and per length.
"""

import hashlib
from functools import cached_property
from typing import Any

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
NO_DIGEST = bytes(32)
LEAST_ROOM = 4096
"""Hex digits for the container in a file: that of a P-256 key takes some 1 600 and grows with the issuer's name."""


class Containers:
    """Makes containers for one key."""

    def __init__(self, private: Private, certificate: bytes, chain: tuple[bytes, ...] = ()) -> None:
        self.private = private
        self.certificate = asn1_x509.Certificate.load(certificate)
        self.chain = [asn1_x509.Certificate.load(one) for one in chain]
        bound = tsp.ESSCertIDv2(
            {"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": hashlib.sha256(certificate).digest()}
        )
        self.attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [NO_DIGEST]}),
                cms.CMSAttribute(
                    {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [bound]})]}
                ),
            ]
        ).dump()
        self._forms: dict[int, tuple[bytes, int, int]] = {}

    @cached_property
    def room(self) -> int:
        """Hex digits that hold every container of this key: an RSA key or those who vouch for it may need more than most."""
        largest = 72 if isinstance(self.private, ec.EllipticCurvePrivateKey) else self.private.key_size // 8
        return max(LEAST_ROOM, 2 * len(self._form(largest)[0]) + 64)

    def _signed(self, attributes: bytes) -> bytes:
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(attributes, ec.ECDSA(hashes.SHA256()))
        return self.private.sign(attributes, padding.PKCS1v15(), hashes.SHA256())

    def container(self, digest: bytes) -> bytes:
        """The signed container for a file's SHA-256."""
        place = self.attributes.index(NO_DIGEST)
        attributes = self.attributes[:place] + digest + self.attributes[place + 32 :]
        signature = self._signed(attributes)
        if len(signature) not in self._forms:
            self._forms[len(signature)] = self._form(len(signature))
        form, digest_at, signature_at = self._forms[len(signature)]
        return b"".join(
            (
                form[:digest_at],
                digest,
                form[digest_at + 32 : signature_at],
                signature,
                form[signature_at + len(signature) :],
            )
        )

    def _form(self, length: int) -> tuple[bytes, int, int]:
        """A container with zeros for the digest and ones for the signature, and where they are."""
        ones, elliptic = b"\xff" * length, isinstance(self.private, ec.EllipticCurvePrivateKey)
        signer: dict[str, Any] = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": self.certificate.issuer, "serial_number": self.certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": cms.CMSAttributes.load(self.attributes),
            "signature_algorithm": {"algorithm": f"sha256_{'ecdsa' if elliptic else 'rsa'}"},
            "signature": ones,
        }
        content = {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [self.certificate, *self.chain],
            "signer_infos": [signer],
        }
        form = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump()
        return form, form.rindex(NO_DIGEST), form.rindex(ones)
