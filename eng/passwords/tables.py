#!/usr/bin/env python3
"""Makes the tables of src/Api/Identity: nfkc.txt from Python's Unicode data, and common-passwords.txt.

  eng/passwords/tables.py FILE    FILE is dist/passwords.json.js of npm's @zxcvbn-ts/language-common 3.0.4 (MIT)

It prints the digest that tests/Api.Tests/NfkcTests.cs expects.
"""
import hashlib
import re
import sys
import unicodedata
from pathlib import Path

folder = Path(__file__).resolve().parents[2] / 'src/Api/Identity'
LENGTH_MIN = 8
HANGUL = range(0xAC00, 0xD7A4)  # composed and decomposed by arithmetic


def hexes(text):
    return '+'.join(f'{ord(c):X}' for c in text)


def nfkc_lines():
    """Code point, combining class, full decomposition, and the pair of which it is composed; - when there is none."""
    for number in range(0x110000):
        char = chr(number)
        if 0xD800 <= number < 0xE000 or number in HANGUL:
            continue
        whole = unicodedata.normalize('NFKD', char)
        pair = unicodedata.decomposition(char).split()
        is_pair = len(pair) == 2 and not pair[0].startswith('<')
        pair = ''.join(chr(int(part, 16)) for part in pair) if is_pair else ''
        if pair and unicodedata.normalize('NFC', pair) != char:
            pair = ''  # excluded from composition
        if unicodedata.combining(char) or whole != char:
            yield (f'{number:X} {unicodedata.combining(char)} {hexes(whole) if whole != char else "-"} '
                   f'{hexes(pair) or "-"}')


def digest():
    """Of the NFKC of each character: alone, and between characters with which it may compose or be reordered."""
    every = hashlib.sha256()
    for number in range(0x110000):
        if not 0xD800 <= number < 0xE000:
            text = f'{chr(number)}|a{chr(number)}\u0323\u0301|\u1112\u1161{chr(number)}|{chr(number)}\u3099\n'
            every.update(unicodedata.normalize('NFKC', text).encode())
    return every.hexdigest()


def common(file):
    text = Path(file).read_text()
    words = re.search(r'var passwords = "(.*)"\.split', text, re.S).group(1).split(',')
    return sorted({word.lower() for word in words if len(word) >= LENGTH_MIN})


(folder / 'nfkc.txt').write_text('\n'.join(nfkc_lines()) + '\n')
(folder / 'common-passwords.txt').write_text('\n'.join(common(sys.argv[1])) + '\n')
print(digest())
