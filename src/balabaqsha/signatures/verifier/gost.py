"""GOST 34.10-2015 with 512-bit keys, verification only: curve id-tc26-gost-3410-12-512-paramSetA, Streebog-512.

Public key, signature and digest are little-endian, the signature as r followed by s. That is how the national authority
writes them (its test revocation list verifies so); RFC 4491 writes the halves the other way round.
"""

from gostcrypto import gosthash

Point = tuple[int, int, int]

P = 2**512 - 0x239
A = P - 3
B = int(
    "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265"
    "EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
    16,
)
Q = int(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
    "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    16,
)
BASE: Point = (
    3,
    int(
        "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921"
        "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
        16,
    ),
    1,
)
INFINITY: Point = (1, 1, 0)
HALF = 64


def streebog(data: bytes) -> bytes:
    """The Streebog-512 digest. Pure Python: about 3.4 ms for each kilobyte."""
    return bytes(gosthash.new("streebog512", data=bytearray(data)).digest())


def double(point: Point) -> Point:
    """Twice the point, in Jacobian coordinates."""
    x, y, z = point
    if not z or not y:
        return INFINITY
    z_squared = z * z % P
    slope = 3 * (x - z_squared) * (x + z_squared) % P  # a = -3
    y_squared = y * y % P
    span = 4 * x * y_squared % P
    x_new = (slope * slope - 2 * span) % P
    return x_new, (slope * (span - x_new) - 8 * y_squared * y_squared) % P, 2 * y * z % P


def add(one: Point, other: Point) -> Point:
    """The sum of two points, in Jacobian coordinates."""
    if not one[2]:
        return other
    if not other[2]:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    z1_squared, z2_squared = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2_squared % P, x2 * z1_squared % P
    s1, s2 = y1 * z2 * z2_squared % P, y2 * z1 * z1_squared % P
    if u1 == u2:
        return double(one) if s1 == s2 else INFINITY
    h, r = (u2 - u1) % P, (s2 - s1) % P
    h_squared = h * h % P
    h_cubed, v = h * h_squared % P, u1 * h_squared % P
    x = (r * r - h_cubed - 2 * v) % P
    return x, (r * (v - x) - s1 * h_cubed) % P, h * z1 * z2 % P


def _multiples(point: Point) -> tuple[Point, Point, Point, Point]:
    twice = double(point)
    return INFINITY, point, twice, add(twice, point)


def _sum_of_products(first: int, second: int, point: Point) -> Point:
    """First * BASE + second * point, two bits of both factors at a time (Shamir's trick)."""
    table = [[add(one, other) for other in _multiples(point)] for one in _multiples(BASE)]
    total = INFINITY
    for shift in range(510, -2, -2):
        total = add(double(double(total)), table[first >> shift & 3][second >> shift & 3])
    return total


def is_on_curve(x: int, y: int) -> bool:
    """Whether the coordinates are those of a point of the curve."""
    return 0 <= x < P and 0 <= y < P and (y * y - (x**3 + A * x + B)) % P == 0


def verify(*, public_key: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether the signature (128 bytes) of the digest (64 bytes) was made by the holder of the key (128 bytes)."""
    if len(public_key) != 2 * HALF or len(signature) != 2 * HALF:
        return False
    x, y = int.from_bytes(public_key[:HALF], "little"), int.from_bytes(public_key[HALF:], "little")
    r, s = int.from_bytes(signature[:HALF], "little"), int.from_bytes(signature[HALF:], "little")
    if not is_on_curve(x, y) or not (0 < r < Q and 0 < s < Q):
        return False
    inverse = pow(int.from_bytes(digest, "little") % Q or 1, -1, Q)
    total = _sum_of_products(s * inverse % Q, -r * inverse % Q, (x, y, 1))
    return bool(total[2]) and total[0] * pow(total[2], -2, P) % P % Q == r
