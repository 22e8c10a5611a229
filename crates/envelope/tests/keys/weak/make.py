"""Writes `moduli.json`: RSA moduli for the tests of the key policy, most of them weak in one way each.

`python3 make.py > moduli.json`, four minutes, Python alone. The numbers come from SHA-256 of a counter, so every run
writes the same file. Each entry has a name, the length in bits and the modulus in hexadecimal.
"""

import hashlib
import json
import math
import sys

SIZES = [2048, 3072, 4096]
counter = 0


def random_bits(bits):
    """A number of this length whose two highest bits are set."""
    global counter
    digest = b""
    while len(digest) * 8 < bits:
        digest += hashlib.sha256(b"credential setter, weak moduli, %d" % counter).digest()
        counter += 1
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - bits)
    return number | 3 << (bits - 2)


SMALL = [p for p in range(3, 65537 + 1, 2) if all(p % d for d in range(3, math.isqrt(p) + 1, 2))]
PRODUCT = math.prod(SMALL)


def is_prime(number):
    if number % 2 == 0 or math.gcd(number, PRODUCT) != 1:
        return False
    s = ((number - 1) & -(number - 1)).bit_length() - 1
    for base in SMALL[:8]:
        x = pow(base, (number - 1) >> s, number)
        if x not in (1, number - 1) and not any((x := x * x % number) == number - 1 for _ in range(s - 1)):
            return False
    return True


def next_prime(number):
    number |= 1
    while not is_prime(number):
        number += 2
    return number


def prime(bits):
    return next_prime(random_bits(bits))


def good(bits):
    return prime(bits // 2) * prime(bits // 2)


def close_primes(bits, rounds):
    """A product that Fermat's method factors in exactly this many rounds after the square root rounded down."""
    p = prime(bits // 2)
    # p = a + d, q = a - d and root = a - rounds, where n = a^2 - d^2.
    d = math.isqrt(p * (2 * rounds - 1)) if rounds else 0
    while not (is_prime(p - 2 * d) and p - d - math.isqrt(p * (p - 2 * d)) == rounds):
        d += 1
    return p * (p - 2 * d)


def roca_prime(bits):
    """k M + (65537^a mod M), M the product of the first primes: CVE-2017-15361."""
    # Table 1 of the paper: 126 primes for keys of 1984 to 3936 bits, 225 for longer ones.
    primes = [2] + SMALL[: (126 if 2 * bits < 3968 else 225) - 1]
    product = math.prod(primes)
    while True:
        a = random_bits(256)
        k = random_bits(bits) // product
        number = k * product + pow(65537, a, product)
        if number.bit_length() == bits and is_prime(number):
            return number


def roca(bits):
    while True:
        n = roca_prime(bits // 2) * roca_prime(bits // 2)
        if n.bit_length() == bits:
            return n


def repeated(bits, distance):
    """A product that has 16 bytes twice, this many bytes apart: q is chosen so that the upper half of n is as wished."""
    p = prime(bits // 2)
    while True:
        octets = bytearray(random_bits(bits).to_bytes(bits // 8, "big"))
        octets[8 + distance : 24 + distance] = octets[8:24]
        q = int.from_bytes(octets, "big") // p
        while not is_prime(q):
            q += 1
        n = p * q
        written = n.to_bytes(bits // 8, "big")
        if written[8 + distance : 24 + distance] == written[8:24]:
            return n


def small_factor(bits, factor):
    return factor * next_prime(random_bits(bits) // factor)


KINDS = {
    "good": good,
    "prime": prime,
    "roca": roca,
    "square": lambda bits: close_primes(bits, 0),
    "fermat-1": lambda bits: close_primes(bits, 1),
    "fermat-2": lambda bits: close_primes(bits, 2),
    "fermat-110": lambda bits: close_primes(bits, 110),
    "fermat-111": lambda bits: close_primes(bits, 111),
    "pattern-16": lambda bits: repeated(bits, 16),
    "pattern-37": lambda bits: repeated(bits, 37),
    "factor-3": lambda bits: small_factor(bits, 3),
    "factor-65537": lambda bits: small_factor(bits, 65537),
    "factor-65539": lambda bits: small_factor(bits, 65539),
}

moduli = []
for bits in SIZES:
    for name, make in KINDS.items():
        n = make(bits)
        assert n.bit_length() == bits, (name, bits)
        moduli.append({"name": name, "bits": bits, "n": "%x" % n})
        print(name, bits, file=sys.stderr)
print(json.dumps(moduli, indent=1))
