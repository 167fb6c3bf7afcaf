"""Have two programs speak the vowels that notebook 13 listens to: `vowel_recordings.py`.

It needs Debian's packages espeak-ng and flite, and SciPy. Each voice says heed, hid, ... heard; of each word
the middle of its vowel is kept, an eighth of a second, as 1000 numbers of 8 bits, 8000 a second. The files in
notebooks/sounds have them one after the other, voice by voice; the README there names the voices.
"""

from __future__ import annotations

import io
import math
import re
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

FOLDER = Path(__file__).parent.parent.parent / "notebooks/sounds"
RATE, KEPT = 8000, 1000
WORDS = ("heed", "hid", "head", "had", "hod", "hawed", "hood", "who'd", "hud", "heard")
ESPEAK_NG = dict(zip(WORDS, ("i:", "I", "E", "a", "A:", "O:", "U", "u:", "V", "3:"), strict=True))
FLITE = dict(zip(WORDS, ("iy", "ih", "eh", "ae", "aa", "ao", "uh", "uw", "ah", "er"), strict=True))
ESPEAK_NG_VOICES = (("en-us", 35), ("en-us+m3", 50), ("en-us+f2", 50), ("en-us+f4", 55), ("en-us+klatt4", 50))
FLITE_VOICES = ("kal16", "rms", "awb", "slt")


def espeak_ng(voice: str, pitch: int, word: str) -> Any:
    """Return the middle of the vowel as espeak-ng says it, slowly, in the word."""
    command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", "80", "-z", "--stdout"]
    sound = subprocess.run([*command, f"[[h'{ESPEAK_NG[word]}d]]"], check=True, capture_output=True).stdout
    samples = read(sound)
    return middle(samples, len(samples) // 2)


def flite(voice: str, word: str) -> Any:
    """Return the middle of the vowel as flite says it, slowly, in the word.

    It prints when each sound of the word ends.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "word.wav"
        command = ["flite", "-voice", voice, "-psdur", "--setf", "duration_stretch=2.5", "-o", str(file)]
        command += ["-p", f"hh {FLITE[word]} d"]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        samples = read(file.read_bytes())
    ends = {name: float(second) for name, second in re.findall(r"(\w+):([\d.]+)", run.stdout)}
    return middle(samples, int(RATE * (ends["hh"] + ends[FLITE[word]]) / 2))


def read(sound: bytes) -> Any:
    """Return a WAV file of 16 bits as numbers, 8000 a second; a piped one has a wrong size in its header."""
    with wave.open(io.BytesIO(sound)) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(10**7), np.int16).astype(float)
    shared = math.gcd(rate, RATE)
    return resample_poly(samples, RATE // shared, rate // shared)


def middle(samples: Any, center: int) -> Any:
    kept = samples[center - KEPT // 2 : center + KEPT // 2]
    assert len(kept) == KEPT, f"the vowel is too short: {len(samples)} samples around {center}"
    return kept


def save(path: Path, vowels: list[Any]) -> None:
    """Write vowels one after the other, each as loud as 8 bits can be."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        for vowel in vowels:
            file.writeframes(np.round(128 + 127 * vowel / abs(vowel).max()).astype(np.uint8).tobytes())


if __name__ == "__main__":
    said = {
        "espeak_ng.wav": [espeak_ng(*voice, word) for voice in ESPEAK_NG_VOICES for word in WORDS],
        "flite.wav": [flite(voice, word) for voice in FLITE_VOICES for word in WORDS],
    }
    for name, vowels in said.items():
        save(FOLDER / name, vowels)
