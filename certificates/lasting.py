"""Signing by pyHanko: with keys in tokens, with time stamps, and files of any form (see `signing`)."""

import datetime
import io
import logging
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import appending
from certificates.appending import FIELD
from certificates.keys import Key, Token
from certificates.stamping import Stamping, Unstamped, asking, context
from certificates.tokens import present, token_signer
from certificates.verification import REASONS, judged

LAST_FIELD = "Podium-time"
# pyHanko warns before every file that it may fetch nothing, which is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


class KeptSigner(signers.SimpleSigner):
    """pyHanko's signer with the key kept open: its own loads and checks the key again for every signature."""

    def __init__(self, key: Key) -> None:
        der = key.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._private = key.private
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's
        for one in key.chain:
            store.register(asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)))
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(key.certificate_der),
            signing_key=asn1_keys.PrivateKeyInfo.load(der),
            cert_registry=store,
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """What pyHanko asks for; it may take no other digest than SHA-256, which every reader knows."""
        if digest_algorithm != "sha256":
            raise ValueError(f"certificates are signed over SHA-256, not {digest_algorithm}")
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._private.sign(data, padding.PKCS1v15(), hashes.SHA256())


class TimedSigner(signers.PdfSigner):
    """pyHanko's PDF signer at a given time instead of the clock's."""

    def __init__(self, at: datetime.datetime, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at = at

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        """pyHanko's session, with the given time for its clock."""
        session = super().init_signing_session(*given, **named)
        session.system_time = self._at
        return session


def signed_by_pyhanko(
    pdf: bytes,
    key: Key | Token,
    at: datetime.datetime,
    reason: str,
    location: str,
    attached: bytes = b"",
    stamping: Stamping | None = None,
) -> bytes:
    """The same for a file of any form, by a key anywhere, with time stamps where there is an authority.

    The validation information (DSS) is in the revision that the signature covers, so that nothing of a B-LT file is left
    uncovered; B-LTA has one more revision, which the authority's second time stamp covers.
    """
    lasting: dict[str, Any] = {}
    if stamping:
        lasting = {
            "embed_validation_info": True,
            "use_pades_lta": stamping.archival,
            "timestamp_field_name": LAST_FIELD,
            "validation_context": context(stamping.trust, own=key.certificate),
            "signer_key_usage": {"digital_signature"},
            "dss_settings": DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        }
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        **lasting,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if attached:
        name = appending.ATTACHED.decode("ascii")
        content = embed.EmbeddedFileObject.from_file_data(writer, attached, mime_type="application/vc+json")
        spec = embed.FileSpec(name, file_name=name, embedded_data=content, af_relationship=generic.pdf_name("/Data"))
        embed.embed_file(writer, spec)
    signer = KeptSigner(key) if isinstance(key, Key) else token_signer(key)
    if not stamping:
        with present():
            return bytes(TimedSigner(at, metadata, signer=signer).sign_pdf(writer).getvalue())
    with asking(), present():
        out = TimedSigner(at, metadata, signer=signer, timestamper=stamping.stamper).sign_pdf(writer)
    signed = bytes(out.getvalue())
    found = judged(signed, key.certificate, stamping.trust)
    if found.rule or found.stamp is None:
        raise Unstamped(REASONS[found.rule or "unstamped"].en)
    return signed
