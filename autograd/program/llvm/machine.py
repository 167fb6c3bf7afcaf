"""The processor that this runs on, and machine code for it."""

from __future__ import annotations

from atexit import register
from functools import cache
from typing import Any
from weakref import finalize

from llvmlite import binding

from ..locks import LOCK


@cache
def best_lanes() -> int:
    """Return how many doubles to work on at once.

    Measured on programs of 100 to 20000 operations: as many as a register holds; and two registers of 256
    bits for four, but not for eight lanes, were about as fast.
    """
    with LOCK:
        return 8 if binding.get_host_cpu_features().get("avx512f") else 4


@cache
def has_fma() -> bool:
    """Say whether one instruction multiplies and adds."""
    with LOCK:
        x86 = binding.get_default_triple().startswith(("x86_64", "i386", "i686"))
        return not x86 or bool(binding.get_host_cpu_features().get("fma"))


@cache
def _target() -> tuple[Any, str, str]:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features().flatten()
    return binding.Target.from_default_triple(), binding.get_host_cpu_name(), features


def add_symbol(name: str, address: int) -> None:
    """Let machine code call what is at an address by a name."""
    with LOCK:
        binding.add_symbol(name, address)


class MachineCode:
    """Machine code, which stays in memory until this object is collected.

    Args:
        text: a module of LLVM's language.
        level: how hard to optimise, from 0 to 3.
    """

    def __init__(self, text: str, level: int = 2) -> None:
        with LOCK:
            target, processor, features = _target()
            module, context = _parsed(text)
            machine = target.create_target_machine(processor, features, opt=level, jit=True)
            self._engine = binding.create_mcjit_compiler(module, machine)
            _in_use.add(self._engine)
            finalize(self, _free, self._engine).atexit = False
            self._compile(module, context)
            del machine  # while nobody forks

    def add(self, text: str) -> None:
        """Add another module, none of whose functions has a name that there is."""
        with LOCK:
            module, context = _parsed(text)
            self._engine.add_module(module)
            self._compile(module, context)

    def _compile(self, module: Any, context: Any) -> None:
        """Make machine code of a module, and let go of that, which takes several times as much memory."""
        self._engine.finalize_object()
        self._engine.remove_module(module)
        module.close()
        context.close()

    def address(self, name: str) -> int:
        """Return the address of a function."""
        with LOCK:
            return int(self._engine.get_function_address(name))


def _parsed(text: str) -> tuple[Any, Any]:
    """Return a module, and a context of its own, with which its types and numbers are freed."""
    context = binding.create_context()
    return binding.parse_assembly(text, context), context


_in_use: set[Any] = set()
"""The engines, which have all machine code that there is."""


def _free(engine: Any) -> None:
    with LOCK:
        _in_use.discard(engine)
        engine.close()


@register
def _leave_to_the_system() -> None:
    """Let what there is when Python ends outlive it: a daemon thread may be running it."""
    for engine in _in_use:
        engine.detach()
