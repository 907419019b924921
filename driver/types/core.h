// core.h: what the type half of driver/types (type.c … infer.c) shares with itself and the checker,
// not with irgen.
#ifndef GOC_TYPES_CORE_H
#define GOC_TYPES_CORE_H

#include "driver/types/types.h"

// ---- type.c
bool types_identical_ignore_tags(Type *x, Type *y);
// Same identifier: the names are equal and exported, or of the same package.
bool same_id(Atom name, Package *pkg, Atom name2, Package *pkg2);
bool same_package(const Package *a, const Package *b);
Type *tparam_iface(Type *tparam);   // its constraint as an interface (wrapped if it is none)
bool type_is_generic(Type *t);      // a generic named type without type arguments
Type *chan_match(Type *x, Type *y); // the common type of two core type candidates, or NULL
bool is_interface_ptr(Type *t);
bool is_bytes_or_runes(Type *u); // u: an underlying type

bool same_tag(Type *x, Type *y, int i); // of field i of two structs

// ---- typeset.c
bool typeset_has_terms(const TypeSet *s);
bool typeset_is_all(const TypeSet *s);     // no restriction at all: any
bool typeset_is_empty(const TypeSet *s);   // no type is in it
bool typeset_comparable(const TypeSet *s); // all its types are strictly comparable
Object *typeset_method(const TypeSet *s, Package *pkg, Atom name, bool fold);
bool terms_equal(const TypeSet *x, const TypeSet *y);
bool terms_subset(const TypeSet *x, const TypeSet *y);
bool term_includes(Term x, Type *t);
int cmp_methods(
    const void *a,
    const void *b); // of Object *: exported ones by name, then the others by name and package
void terms_write(Buf *b, const TypeSet *s);

// ---- typestring.c
// Name and signature of a method for "have … want …", without parameter names. pkginfo: with
// packages spelled out.
const char *func_string(Object *f, bool pkginfo);
void signature_write(Buf *b, Type *sig, Package *relative_to, bool names);
Atom cause_printf(const char *fmt, ...) PRINTF(1, 2);
#define TSTR(t) type_string((t), types_relative)

// ---- lookup.c
// As missing_method; equiv (NULL: types_identical) compares signatures; *cause gets gc's text
// "(missing method M)" and so on.
typedef bool (*EquivFn)(void *ctx, Type *x, Type *y);
Object *missing_method_cause(Type *v, Type *t, bool static_, EquivFn equiv, void *ctx,
                             const char **cause, bool *wrong_type);
LookupResult lookup_fold(Type *t, bool addressable, Package *pkg, Atom name, bool fold,
                         Selection *out);

// ---- instance.c
Type *instance_get(Type *origin, TypeList targs,
                   TypeList outer_args); // the one instance with these arguments

// ---- subst.c
bool type_mentions(Type *t, const TypeList *tparams); // any of them anywhere in t
Type *tuple_subst(Type *tuple, const TypeEnv *env);
ObjectList vars_subst(ObjectList vars, const TypeEnv *env);

#endif
