"""Names in C source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_RESERVED = frozenset(
    # keywords of C and C++
    "alignas alignof and and_eq asm atomic auto bitand bitor bool break case catch char char8_t char16_t "
    "char32_t class co_await co_return co_yield compl complex concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast else enum explicit export extern "
    "false float for friend fortran generic goto if imaginary inline int long mutable namespace new "
    "noexcept noreturn not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct "
    "switch template this thread_local throw true try typedef typeid typename typeof typeof_unqual union "
    "unsigned using virtual void volatile wchar_t while xor xor_eq "
    # macros and types that math.h may define
    "DOMAIN FP_CONTRACT FP_FAST_FMA FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL "
    "FP_ZERO HUGE HUGE_VAL HUGE_VALF HUGE_VALL INFINITY MATH_ERREXCEPT MATH_ERRNO MAXFLOAT NAN OVERFLOW "
    "PLOSS SING SNAN TLOSS UNDERFLOW X_TLOSS double_t float_t math_errhandling exception errno main linux "
    "unix i386 "
    # macros that look like functions
    "fpclassify iseqsig isfinite isinf isnan isnormal issignaling issubnormal iszero signbit isgreater "
    "isgreaterequal isless islessequal islessgreater isunordered finite signgam gamma lgamma_r "
    # functions that compilers know without a declaration
    "abort abs alloca bcmp bcopy bzero calloc exit ffs fprintf fputc fputs free fscanf fwrite index "
    "imaxabs isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace "
    "isupper isxdigit labs llabs malloc memchr memcmp memcpy memset printf putchar puts realloc rindex "
    "scanf snprintf sprintf sscanf stpcpy strcat strchr strcmp strcpy strcspn strdup strlen strncat "
    "strncmp strncpy strpbrk strrchr strspn strstr tolower toupper vfprintf vprintf vscanf vsnprintf "
    "vsprintf signbit mempcpy strcasecmp strndup fork execl execlp execle execv execvp execve gettext".split()
)
_MATH = (
    "acos acosh asin asinh atan atan2 atanh cabs cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 "
    "expm1 fabs fdim floor fma fmax fmaximum fmin fminimum fmod frexp gamma hypot ilogb j0 j1 jn ldexp "
    "lgamma llogb llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter "
    "nextdown nexttoward nextup pow pow10 remainder remquo rint round roundeven rsqrt scalb scalbln scalbn "
    "significand sin sincos sinh sinpi cospi tanpi sqrt tan tanh tgamma trunc y0 y1 yn compoundn pown powr "
    "rootn totalorder daddl ddivl dmull dsubl dfmal dsqrtl fadd fdiv fmul fsub ffma fsqrt setpayload "
    "getpayload canonicalize fromfp ufromfp creal cimag conj carg cproj csqrt cexp clog cpow csin ccos ctan"
)
_OF_MATH = frozenset(f"{name}{suffix}" for name in _MATH.split() for suffix in ("", "f", "l"))


_OURS = re.compile(r"[vdct]\d+|(table|stored|places)_\d+|kept(_\d+)?|M_\w+")
"""The names of what programs compute and keep, and of the macros of a compiler's own."""


def identifier_for(name: str, taken: Iterable[str]) -> str:
    """Return a name as an identifier of C that stands for nothing else."""
    letters = "".join(map(_in_ascii, unicodedata.normalize("NFKD", name)))
    cleaned = re.sub(r"[^A-Za-z0-9]+", "_", letters).strip("_")
    if not cleaned or cleaned[0].isdigit():
        cleaned = f"x_{cleaned}".rstrip("_")
    reserved = cleaned in _RESERVED or cleaned in _OF_MATH or _OURS.fullmatch(cleaned)
    base = identifier = f"{cleaned}_" if reserved or cleaned in taken else cleaned
    number = 2
    while identifier in taken:
        identifier, number = f"{base.rstrip('_')}_{number}", number + 1
    return identifier


def _in_ascii(letter: str) -> str:
    """Return a letter in those of C: that of a Greek letter is its name."""
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    greek = re.fullmatch(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(letter, ""))
    if greek is None:
        return "_"
    return greek[1].lower() if letter.islower() else greek[1].capitalize()


def identifiers(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return different identifiers for some names."""
    used = {*taken}
    result = []
    for name in names:
        result.append(identifier_for(name, used))
        used.add(result[-1])
    return result
