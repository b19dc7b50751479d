"""Prints and signs certificates until it is ended, in a process as nice as Podium's own presses: load for other measurements.

The argument says how many seconds lie between one hundred certificates and the next; 0 is without a rest."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime

from certificates.keys import Key
from server.issuing.press import print_and_sign
from server.issuing.pressing import as_a_press
from tests.certificates.paper import PLAIN

if __name__ == "__main__":
    as_a_press()
    key, content = (
        Key.create("measurement", datetime.now(UTC)).to_pem(),
        json.dumps(PLAIN.as_data(), ensure_ascii=False),
    )
    while True:
        for _ in range(5):
            print_and_sign("classical", [(content, "")] * 20, key, datetime.now(UTC))
        time.sleep(float(sys.argv[1]))
