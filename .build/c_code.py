"""What is done to the C code that mypyc makes, so that the two forms of the engine say and do the same.

mypyc leaves documentation out, calls a function of Python's where `_new` makes a Value without calling its
class, and has messages of its own for a call with wrong arguments and for an attribute that was not set, or
cannot be set or deleted; deleting a property that has a setter is a crash. Nor does it know that graphs have
no circles, for which the cyclic collector would search them all again and again, and that they are deep, so
that to free operands within operands needs a stack. Each function here changes one of these.
"""

from __future__ import annotations

import json
import re

VALUE = "autograd___engine___value___Value"
VARIABLE = "autograd___derivatives___variables___Variable"
SETUP = "CPyDef_autograd___engine___value_____mypyc__Value_setup"

HELPERS = """
static PyObject *new_value(void);

/* Besides its operands a Value refers to text alone, unless a call of a custom function is there with it. An
   object of a subclass may refer to anything, to what was computed from it too; so it stays in sight of the
   cyclic collector, and so does all that is computed from it. */
static inline int in_no_circle(PyObject *operand) {
    return operand == NULL || operand == Py_None || !PyObject_GC_IsTracked(operand);
}

static inline int has_no_attributes(PyObject *x) {
    return Py_IS_TYPE(x, CPyType_VALUE) || Py_IS_TYPE(x, CPyType_VARIABLE);
}

static inline void tracked_if_need_be(PyObject *self) {
    VALUEObject *node = (VALUEObject *)self;
    int needless = has_no_attributes(self) && node->_op != NULL && PyUnicode_CheckExact(node->_op)
                   && in_no_circle(node->__a) && in_no_circle(node->__b);
    if (needless && PyObject_GC_IsTracked(self))
        PyObject_GC_UnTrack(self);
    else if (!needless && !PyObject_GC_IsTracked(self))
        PyObject_GC_Track(self);
}

/* A graph is freed from its latest nodes to its earliest. The memory given back last is that given out first,
   so a graph like it, in a loop, will lie in order again. What is to be freed next is a list, from field to
   field `vtable`, which nobody needs any more. */
static inline VALUEObject *to_be_freed(PyObject *x, VALUEObject *next) {
    if (x != NULL && has_no_attributes(x) && Py_REFCNT(x) == 1) {
        PyObject_GC_UnTrack(x);
        ((VALUEObject *)x)->vtable = (CPyVTableItem *)next;
        return (VALUEObject *)x;
    }
    Py_XDECREF(x);
    return next;
}

static void freed_with_operands(VALUEObject *node) {
    VALUEObject *next = NULL;
    PyObject_GC_UnTrack(node);
    while (1) {
        PyObject *a = node->__a, *b = node->__b, *op = node->_op;
        PyObject_GC_Del(node);
        next = to_be_freed(b, to_be_freed(a, next));
        Py_XDECREF(op);
        if (next == NULL)
            return;
        node = next;
        next = (VALUEObject *)node->vtable;
    }
}

/* What Python says of a property that has no setter, or no deleter. */
static int unwritable(PyObject *self, PyObject *value, void *name) {
    PyObject *kind = PyType_GetQualName(Py_TYPE(self));
    if (kind != NULL) {
        PyErr_Format(PyExc_AttributeError, "property '%s' of %R object has no %s",
                     (char *)name, kind, value == NULL ? "deleter" : "setter");
        Py_DECREF(kind);
    }
    return -1;
}

/* What Python says of an attribute that was never set, as where a subclass has an `__init__` of its own. */
static void unset(void *self, const char *name) {
    PyObject *type, *value, *traceback, *none, *kind = PyType_GetQualName(Py_TYPE((PyObject *)self));
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(value);
    PyErr_Format(PyExc_AttributeError, "%R object has no attribute '%s'", kind, name);
    PyErr_Fetch(&type, &value, &none);
    PyErr_Restore(type, value, traceback);
    Py_XDECREF(none);
    Py_XDECREF(kind);
}

/* What Python says of a call that does not fit the signature; NULL, with that error set. */
static PyObject *misused(const char *definition, PyObject *given, PyObject *keywords) {
    if (given != NULL && keywords != NULL && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyObject *error = NULL, *module;
        PyErr_Clear();
        if ((module = PyImport_ImportModule("autograd.support.mypyc")) != NULL) {
            error = PyObject_CallMethod(module, "misuse", "sOO", definition, given, keywords);
            Py_DECREF(module);
        }
        if (error != NULL) {
            PyErr_SetObject(PyExc_TypeError, error);
            Py_DECREF(error);
        }
    }
    Py_XDECREF(given);
    Py_XDECREF(keywords);
    return NULL;
}

static PyObject *misused_in_a_vector(const char *definition, PyObject *self, PyObject *const *args,
                                     Py_ssize_t positional, PyObject *names) {
    Py_ssize_t first = self != NULL, named = names == NULL ? 0 : PyTuple_GET_SIZE(names);
    PyObject *given = PyTuple_New(first + positional), *keywords = PyDict_New();
    if (given != NULL && keywords != NULL) {
        if (first)
            PyTuple_SET_ITEM(given, 0, Py_NewRef(self));
        for (Py_ssize_t i = 0; i < positional; i++)
            PyTuple_SET_ITEM(given, first + i, Py_NewRef(args[i]));
        for (Py_ssize_t i = 0; i < named; i++)
            PyDict_SetItem(keywords, PyTuple_GET_ITEM(names, i), args[positional + i]);
    }
    return misused(definition, given, keywords);
}

static PyObject *misused_in_a_tuple(const char *definition, PyObject *self, PyObject *args, PyObject *kw) {
    PyObject *first = PyTuple_Pack(1, self);
    PyObject *given = first == NULL ? NULL : PySequence_Concat(first, args);
    Py_XDECREF(first);
    return misused(definition, given, kw == NULL ? PyDict_New() : Py_NewRef(kw));
}
""".replace("VALUE", VALUE).replace("VARIABLE", VARIABLE)  # fmt: skip

NEW_VALUE = """
/* A Value that the collector does not see, and whose fields are not set. */
static PyObject *new_value(void) {
    VALUEObject *self = PyObject_GC_New(VALUEObject, CPyType_VALUE);
    if (self == NULL)
        return NULL;
    self->vtable = VALUE_vtable;
    self->bitmap = 0;
    self->__a = self->__b = self->_op = NULL;
    return (PyObject *)self;
}

""".replace("VALUE", VALUE)


def with_helpers(code: str) -> str:
    """Return the code with the functions that the others below call."""
    includes, last, rest = code.rpartition("#include")
    line, _, rest = rest.partition("\n")
    return f"{includes}{last}{line}\n{HELPERS}{rest}"


def documented(code: str, module: str, said: dict[str, str]) -> str:
    """Return the code with the documentation of a module in its tables of classes and functions."""
    prefix = f"{module.replace('.', '___')}___"

    def text(name: str) -> str:
        return json.dumps(said.get(name, ""))[1:-1].replace("??", r"?\?")

    def attribute(match: re.Match[str]) -> str:
        name = f"{match[3]}___{match[2]}"
        return f'{match[1]}"{text(name)}", NULL}}' if name in said else match[0]

    signature = r'[^"]*?--\\n\\n'
    code = re.sub(
        rf'(\(PyCFunction\)CPyPy_{prefix}(\w+),[^"{{}}]*PyDoc_STR\("{signature})',
        lambda m: m[1] + text(m[2]),
        code,
    )
    code = re.sub(rf'(\.tp_doc = PyDoc_STR\("(\w+)\({signature})', lambda m: m[1] + text(m[2]), code)
    getter = rf'(\{{"(\w+)",\s*\(getter\){prefix}(\w+?)_get_\2,\s*(?:\(setter\)\w+|NULL),\s*)NULL, NULL\}}'
    code = re.sub(getter, attribute, code)
    of_module = rf'(PyModuleDef_HEAD_INIT,\s*"{re.escape(module)}",\s*)NULL(?=, /\* docstring)'
    return re.sub(of_module, lambda m: f'{m[1]}"{text("")}"', code)


def explaining_misuse(code: str, module: str, signatures: dict[str, str]) -> str:
    """Return the code in which a call with wrong arguments, of a module's function, is the error of Python.

    Args:
        code: the C code.
        module: the module, with its packages.
        signatures: what follows `def` in each function, by the name it has in C.
    """
    prefix = f"CPyPy_{module.replace('.', '___')}___"

    def wrapper(match: re.Match[str]) -> str:
        definition = signatures.get(match["name"])
        if definition is None:
            return match[0]
        text = json.dumps(definition)
        itself = "self" if "." in definition.partition("(")[0] else "NULL"
        if match["given"] == "args, kw":
            return f"{match['call']}return misused_in_a_tuple({text}, {itself}, args, kw);"
        return f"{match['call']}return misused_in_a_vector({text}, {itself}, args, nargs, kwnames);"

    return re.sub(
        rf"(?P<call>{prefix}(?P<name>\w+)\(PyObject \*self, [^;{{]*\) \{{(?:[^;{{]*(?:\{{[^{{}};]*\}})?;)+?"
        r"\s*if \(!CPyArg_Parse\w+\((?P<given>args, (?:kw|nargs, kwnames))[^{;]*\{\s*)return NULL;",
        wrapper,
        code,
    )


def unwritable(code: str) -> str:
    """Return the code in which setting or deleting a property that cannot be is the error that Python has."""
    code = re.sub(
        r'(\{"(\w+)",\s*\(getter\)\w+,\s*)NULL, ("[^"]*(?:\\"[^"]*)*"|NULL), NULL\}',
        lambda m: f'{m[1]}(setter)unwritable, {m[3]}, "{m[2]}"}}',
        code,
    )
    return re.sub(
        r"(_set_(\w+)\(\w+Object \*self, PyObject \*value, void \*closure\)\s*\{)(?!\s*if \(value == NULL\))",
        lambda m: f'{m[1]}\n    if (value == NULL) return unwritable((PyObject *)self, NULL, "{m[2]}");',
        code,
    )


def explaining_the_unset(code: str) -> str:
    """Return the code in which reading an attribute that was never set is the error that Python has."""
    return re.sub(
        r"\b(?P<self>self|\w+(?=\)->_\w+;))(?:\)->_\w+;\s*if \(unlikely\(|->_\w+ == )[^{;]*\{\s*"
        r"""(?:PyErr_SetString\(PyExc_AttributeError, "attribute '(?P<name>\w+)' of '\w+' undefined"\);"""
        r"""|CPy_AttributeError\("[^;]*?, "(?P<named>\w+)", \d+, \w+\);)""",
        lambda m: f'{m[0]} unset({m["self"]}, "{m["name"] or m["named"]}");',
        code,
    )


def allocating(code: str) -> str:
    """Return the code in which `_new(Value)` allocates a Value, and calls nothing of Python's."""
    # From where `_new` is read to where it is called there are some fifteen statements.
    to_the_call = r"(\w+) = CPyStatic_autograd___engine___\w+____new;(?:[^;]*;){1,25}?[^;]*?"
    code = re.sub(
        rf"({to_the_call})PyObject_Vectorcall\(\2, \w+, 1, 0\)", lambda m: f"{m[1]}new_value()", code
    )
    return re.sub(rf"\bPyObject \*{SETUP}\(PyObject \*\w+\)\s*\{{", lambda m: NEW_VALUE + m[0], code)


def freeing(code: str) -> str:
    """Return the code in which a Value is freed with all operands that nobody else has, in a loop."""
    return re.sub(
        rf"static void\s+(?:{VALUE}|{VARIABLE})_dealloc\(\w+ \*self\)\s*\{{",
        lambda m: (
            f"{m[0]}\n#ifndef Py_GIL_DISABLED\n    if (has_no_attributes((PyObject *)self)) {{\n"
            f"        freed_with_operands(({VALUE}Object *)self);\n        return;\n    }}\n#endif"
        ),
        code,
    )


def untracking(code: str) -> str:
    """Return the code in which the collector does not see nodes that are whole, as `_sweep = 0` says."""
    return re.sub(
        r"\(\(autograd___engine___\w+Object \*\)(\w+)\)->__sweep = 0;",
        lambda m: f"{m[0]}\n    tracked_if_need_be({m[1]});",
        code,
    )
