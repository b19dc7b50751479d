"""What a badge says, before anybody prints it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """What one card says; `token` is what its code holds, `photo` a JPEG or nothing.

    `role` is said by a judge's card only. `of` is the event, `whence` delegation and unit.
    """

    name: str
    number: str
    of: str
    whence: str
    token: str
    photo: bytes = b""
    role: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All that it says, without the photo."""
        return self.name, self.number, self.of, self.whence, self.token, self.role
