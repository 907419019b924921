// gen.h: private header of irgen: the state of one module and of one function, values and places,
// and what its files share.
//
// Glossary
//   flat       how a type is kept in SSA: at most 4 scalars, or "mem": only ever in memory (arrays
//   of more than one element, larger structs) Value      a Go value: its scalars, or the address of
//   memory that holds it. A mem value from expr() may be the variable itself
//              (borrowed): nothing may be stored between expr() and its use, unless value_pin made
//              a copy of it
//   Place      something that can be assigned to: slots of a local, an address, a map element;
//   checks (nil, bounds) may be pending hoist      gc's order of evaluation: the calls, receives
//   and map reads of a statement's operands are evaluated first, in order, and
//              remembered in f->hoisted; what is left of the operands has no effects but panics,
//              and is evaluated behind them
//   env        type parameters and arguments of the instance being generated: every Type read from
//   the tree passes through fn_type extra      pointers that a compiler-made closure carries behind
//   its captures (range-over-func bodies: result slots, state)
//
// Invariants
//   Values and places never carry type parameters: their types went through fn_type. A Value's
//   scalars have the types of flat_of(type). bool is i1 as a scalar and in a local's slot, i8 (0 or
//   1) in memory: use load_value, store_value, which know that. A block is never left without
//   terminator while another is built: block_start(f, b) falls through from an open block. After a
//   terminator (fn_dead(f)) code is still generated, into an unreachable block that fn_finish
//   removes. Every instruction has a debug location: fn_pos(f, pos) sets it for what follows.
#ifndef GOC_GEN_H
#define GOC_GEN_H

#include "driver/irgen/irgen.h"
#include <llvm-c/DebugInfo.h>

typedef struct Gen Gen;
typedef struct Fn Fn;
typedef LLVMValueRef VRef; // the two names are used everywhere: short ones
typedef LLVMBasicBlockRef BRef;

enum {
  MAX_SCALARS = 4,
  MAX_DEPTH = 10000
}; // MAX_DEPTH: nested expressions and statements, a diagnostic beyond

// ---- flattening: the one description of how a type is passed, kept and laid out

typedef enum ScalarKind {
  SC_BOOL,
  SC_I8,
  SC_I16,
  SC_I32,
  SC_I64,
  SC_F32,
  SC_F64,
  SC_PTR
} ScalarKind;

typedef struct Flat {
  Type *type;
  bool mem; // not kept in scalars: by address
  int n;    // scalars; 0 for zero-sized types and when mem
  ScalarKind kind[MAX_SCALARS];
  bool sign[MAX_SCALARS];          // of integers: signed
  int64_t off[MAX_SCALARS];        // byte offset in memory
  const char *suffix[MAX_SCALARS]; // ".ptr", ".len", ".x.len"; "" for a type of one word
  int64_t size, align;             // bytes
} Flat;

// How a func type is called. LLVM parameters: nest ctx, [out], [receiver], parameters, each
// flattened (mem: one pointer).
typedef struct Sig {
  Type *type;
  Type *recv; // receiver's type or NULL
  LLVMTypeRef fnty;
  bool out;      // results through an out pointer (parameter 1)
  int nparams;   // Go parameters, the receiver included
  Type **params; // their types
  int *first;    // LLVM index of the first scalar of parameter i
  int nllparams; // LLVM parameters in all
  int nresults;
  Type **results;
  int64_t *outoff; // offset of result i in the out area
  int64_t outsize, outalign;
  int nretscalars; // scalars of all results together when !out
} Sig;

// ---- values and places

typedef struct Value {
  Type *type;
  bool mem;  // at addr; otherwise v[0..n)
  bool temp; // mem: nobody else writes to it, it may be given away (a fresh temporary)
  int n;
  VRef v[MAX_SCALARS];
  VRef addr;
} Value;

typedef struct Values {
  Value *v;
  int n;
} Values; // in f->arena

typedef enum PlaceKind {
  PLACE_BLANK, // _
  PLACE_SLOTS, // a local's scalars: one untagged alloca each
  PLACE_MEM,   // an address
  PLACE_MAP,   // m[k]
} PlaceKind;

typedef struct PlaceStep {
  VRef index,
      len; // array or slice element: still to be checked against len (i64); NULL: a plain offset
  bool is_unsigned; // the index's own type, for the panic
  int64_t size;     // bytes of an element, or the offset
  Pos pos;
} PlaceStep;

typedef struct Place {
  PlaceKind kind;
  Type *type;
  VRef slot[MAX_SCALARS]; // PLACE_SLOTS
  VRef addr;              // PLACE_MEM: base address
  bool nilcheck;          // PLACE_MEM: addr must be checked before use
  Pos pos;                // of the dereference
  PlaceStep *steps;       // PLACE_MEM: applied to addr in order by place_finish
  int nsteps;
  bool watched;   // stores are volatile: a deferred function may look when the hardware faults
  Value map, key; // PLACE_MAP
} Place;

// ---- one module

typedef enum WorkKind { WORK_FUNC, WORK_CLOSURE, WORK_CALLBACK } WorkKind;
// A function whose body is still to be made. Order of the queue is order of discovery, so dumps are
// deterministic.
typedef struct Work {
  WorkKind kind;
  VRef fn;
  const char *symbol, *goname; // goname: as in tracebacks: instances are [...]
  const char *base, *gobase;   // what the names of literals inside begin with; NULL: symbol, goname
  FuncInfo *info;
  Object *obj;
  TypeEnv env;
  int nextra;                      // WORK_CLOSURE
  struct RangeFunc *range;         // WORK_CLOSURE of a range-over-func body: irgen2's own
  void (*make)(Gen *g, void *arg); // WORK_CALLBACK
  void *arg;
} Work;

struct Gen {
  LLVMContextRef ctx;
  LLVMModuleRef m;
  LLVMTargetDataRef td;
  const IrgenOptions *opt;
  Package *pkg;
  Arena *arena;
  LLVMTypeRef i1, i8, i16, i32, i64, f32, f64, ptr, voidt;
  LLVMBuilderRef cb;          // no position: for constant expressions
  unsigned md_alloc, md_func; // metadata kinds goc.alloc, goc.func
  int nsites;                 // numbers of !goc.alloc
  PtrMap *flats, *sigs;       // Type -> Flat, Sig of plain func types
  PtrMap *memtypes;           // Type -> LLVMTypeRef
  Map *strings;               // string constants by content
  Map *syms; // symbol -> VRef, what irgen2's files have made: descriptors, itabs, wrappers, layouts
  Map *funcs;      // symbol -> VRef of functions declared or queued (fn_declare)
  Map *funcrefs;   // symbol -> what func_ref gives
  PtrMap *globals; // Object -> VRef
  VEC(Work) work;  // from workhead on still to be done
  int workhead;
  VEC(VRef) used; // llvm.compiler.used
  LLVMDIBuilderRef dib;
  LLVMMetadataRef dicu;
  PtrMap *difiles;           // atom of the file name -> DIFile
  LLVMMetadataRef disubty;   // subroutine type of all functions
  Map *rtfuncs;              // cname -> VRef
  void *iface, *conc, *init; // irgen2's own state, NULL at first
};

// ---- one function

// Where break and continue of a statement go.
typedef struct JumpTarget {
  struct JumpTarget *up;
  Stmt *stmt;
  BRef brk, cont;
} JumpTarget;

typedef struct SlotVal {
  VRef slot, val;
} SlotVal;

struct Fn {
  Gen *g;
  Fn *up;       // generated within another by the same call chain (wrappers made on the fly); NULL
                // otherwise
  Arena *arena; // of this function: freed by fn_finish
  FuncInfo *info; // NULL for compiler-made functions
  Object *obj;    // the declared function, or NULL
  TypeEnv env;
  VRef fn;
  const char *symbol, *goname;
  const char *base, *gobase; // names of literals inside begin with these: a range-over-func body
                             // hands on those of its function
  Sig *sig;
  LLVMBuilderRef b;
  BRef entry;
  VRef last_alloca;          // in the entry block, NULL: none yet
  LLVMMetadataRef scope;     // DISubprogram
  LLVMMetadataRef filescope; // … or what stands for it in another file (//line), of which
  uint16_t file, scopefile;
  Pos pos;         // current position
  bool dead;       // current block is unreachable
  PtrMap *locals;  // Object -> Place*
  PtrMap *hoisted; // Expr -> Values*
  int nhoisted;
  VRef ctx;       // closure context parameter
  VRef out;       // out pointer or NULL
  Place *results; // one for each Go result, named or not
  VRef *extra;    // extra pointers of a compiler-made closure
  int nextra;
  VRef rec;      // defer record (entry alloca) or NULL: the function does not defer
  bool watched;  // stores that are built are volatile: place_store
  BRef retblock; // functions that defer: runs deferreturn, loads the results, returns
  JumpTarget *targets;
  PtrMap *labels;          // STMT_LABELED -> BRef
  Stmt *label;             // label of the statement about to be generated, or NULL
  BRef fallthrough;        // next clause's body
  struct RangeFunc *range; // irgen2: state of the range-over-func bodies around and inside
  int nwrap;               // numbers compiler-made closures: f.deferwrap1, f.gowrap2, as gc
  int nlits;               // unused by irgen2
  int depth;
  const char *conv; // text of the conversion being made, or NULL; convpos: of its operand
  Pos convpos;
  bool wrapper;       // in section goc_wrappers: calls inside are noinline
  VEC(SlotVal) known; // values of slots stored or loaded in this block
  VEC(VRef) nonnil;   // pointers tested in this block
};

// ---- module.c: module, symbols, work list
void gen_init(Gen *g, LLVMContextRef ctx, Package *pkg,
              const IrgenOptions *opt); // an empty module; g zeroed
const char *sym_escape(const char *s);  // @ and % as %40 and %25; atom
const char *sym_func(
    Gen *g, Object *fn, TypeList targs,
    const char **goname); // "main.(*T[int]).M"; targs: of the function, or of its receiver's type
const char *sym_global(Object *var);
// The LLVM function of a declared function (targs empty), an instance, or a method (targs: its
// receiver type's arguments, already substituted). Declares it; queues the body if it is this
// package's or an instance. fn may be the method object of an instance or of its origin.
VRef func_ref(Gen *g, Object *fn, TypeList targs);
// The same for a method of a concrete named type (not promoted): recv is T or *T.
VRef method_ref(Gen *g, Type *recv, Object *m);
// Address of a package-level variable; declared external or defined without initialiser (init.c
// sets it).
VRef global_ref(Gen *g, Object *var);
void work_add(Gen *g, Work *w);
// A function value constant {code} for a function without captures: private "symbol·f"; shared in
// the module.
VRef funcval_const(Gen *g, VRef fn);
void set_hidden(Gen *g, VRef global);                       // hidden, own section
void set_linkonce(Gen *g, VRef global, const char *comdat); // linkonce_odr in a comdat of that name
void set_comdat(Gen *g, VRef global, const char *comdat);   // the comdat alone
void keep(Gen *g, VRef global);                             // adds to llvm.compiler.used
VRef const_bytes(Gen *g, const void *p, size_t n,
                 const char *name); // private constant array, no NUL; shared by content
VRef const_i64(Gen *g, int64_t i), const_i32(Gen *g, int64_t i), const_null(Gen *g);

// ---- lltype.c: types
const Flat *flat_of(Gen *g, Type *t);                // t without type parameters; cached
LLVMTypeRef lltype_scalar(Gen *g, ScalarKind k);     // bool: i1
LLVMTypeRef lltype_scalar_mem(Gen *g, ScalarKind k); // bool: i8
LLVMTypeRef lltype_mem(Gen *g, Type *t); // same size and alignment as the Go type; literal structs
Sig *sig_of(Gen *g, Type *functype, Type *recv); // recv NULL: none
Type *closure_type(
    Gen *g, Type **captures,
    int n); // struct { F· uintptr; X0 …}: the type of a closure object; no source has such a name

// ---- func.c: functions
// The attributes, section and visibility of every Go function.
void func_attributes(Gen *g, VRef fn, const char *symbol, bool wrapper);
// Marks the call instruction nomerge (and noinline in wrappers); call_raw does it.
void call_attributes(Fn *f, VRef call);
void call_inaccessible(Fn *f, VRef call); // touches no memory of the program's, keeps no argument
enum {
  FN_WRAPPER = 1,
  FN_LINKONCE = 2,
  FN_INTERNAL = 4
}; // FN_LINKONCE: comdat of the symbol's name
// Begins a compiler-made function. params gets one Value for each Go parameter, receiver first
// (arena of the Fn; may be NULL). fn_ctx is f->ctx. End it with fn_return and fn_finish. The symbol
// is registered in g->funcs.
Fn *fn_begin(Gen *g, const char *symbol, const char *goname, Sig *sig, int flags, Pos pos,
             Value **params);
Fn *fn_begin_in(Gen *g, VRef fn, const char *symbol, const char *goname, Sig *sig, int flags,
                Pos pos, Value **params); // already declared
VRef fn_declare(
    Gen *g, const char *symbol, Sig *sig,
    int flags); // the declaration, for use before fn_begin_in; the same symbol gives the same VRef
void fn_finish(Fn *f);
void fn_return(
    Fn *f, Value *results,
    int n); // returns these from a compiler-made function (plain return: by the signature)
void fn_goto_return(
    Fn *f); // leaves a Go function whose results are in f->results (runs the defers)
Type *fn_type(Fn *f, Type *t); // substitutes
void fn_pos(Fn *f, Pos pos);   // debug location of what follows
VRef fn_alloca(Fn *f, LLVMTypeRef t, int64_t align, const char *name); // untagged, entry block
VRef fn_temp(Fn *f, Type *t,
             const char *name); // untagged entry alloca for a value of t in memory, not zeroed
BRef block_new(Fn *f, const char *name);
void block_start(Fn *f, BRef b); // branches to it if the current block is open, then builds there
void block_br(Fn *f, BRef b);    // then dead
void block_cond(Fn *f, VRef c, BRef yes, BRef no); // no dead block: follow by block_start
void fn_unreachable(Fn *f);                        // terminator behind a noreturn call
bool fn_dead(Fn *f);
// Branches to a cold block that calls the noreturn runtime function `cname` with args when cond
// holds; goes on otherwise.
void panic_if(Fn *f, VRef cond, const char *cname, VRef *args, int nargs);
void nil_check(Fn *f, VRef p); // panicnil; nothing if this block has tested p
// index against len: panicIndex or panicIndexU. index: i64 (extended according to its type)
void bounds_check(Fn *f, VRef index, VRef len, bool is_unsigned);
Place *local_place(Fn *f,
                   Object *var); // of a variable of this function or captured; ice if unknown
// Declares a local of type t: slots or tagged alloca, by the flags of var; zero: stores the zero
// value. NULL var: a nameless one.
Place *local_declare(Fn *f, Object *var, bool zero);
bool capture_by_value(Fn *f, Object *var); // how closures hold it

// ---- allocation
// Tagged alloca of t at the current position, zeroed. kind, text: see pass/escape.h. name: of the
// alloca, "" for none.
VRef alloc_object(Fn *f, Type *t, const char *kind, const char *text, const char *name);
VRef alloc_object_nozero(Fn *f, Type *t, const char *kind, const char *text,
                         const char *name); // the caller stores the whole value at once behind it
VRef alloc_buf(Fn *f, TypeKind elem, int64_t n); // tagged "buf": null where what uses it escapes
void tag_alloc(Fn *f, VRef inst, const char *kind, const char *text,
               Type *t); // !goc.alloc on an alloca or call; t gives the descriptor

// ---- expr.c: values
Value value_scalar(Type *t, VRef v);
Value value2(Type *t, VRef a, VRef b);
Value value3(Type *t, VRef a, VRef b, VRef c);
Value value_mem(Type *t, VRef addr, bool temp);
Value value_zero(Fn *f, Type *t);               // constants; a mem type: address of a zeroed temp
Value value_const(Fn *f, ConstVal *c, Type *t); // constant of (non-interface) type t
Value value_retype(Value v, Type *t);           // same representation, another type
Value value_field(Fn *f, Value v, int i);       // of a struct value
Value value_elem0(Fn *f, Value v);              // element of a one-element array held in scalars
Value value_pin(Fn *f, Value v);                // a borrowed mem value becomes a temp copy
VRef value_addr(Fn *f, Value v); // address of memory that holds v (spilled to an entry temp if in
                                 // scalars); not to be kept
Value load_value(Fn *f, Type *t, VRef addr); // mem types: borrowed address
void store_value(Fn *f, VRef addr,
                 Value v); // whole value; copies memory for mem types (may overlap exactly)
void store_zero(Fn *f, VRef addr, Type *t);
VRef ptr_add(Fn *f, VRef p, int64_t off);                // inbounds GEP in bytes
VRef elem_addr(Fn *f, VRef p, VRef index, int64_t size); // p + index*size, inbounds
void mem_copy(Fn *f, VRef dst, VRef src, int64_t size,
              int64_t align);            // memmove of non-overlapping or equal memory
Value expr(Fn *f, Expr *x);              // one value; type fn_type(x->type)
Value expr_to(Fn *f, Expr *x, Type *to); // … converted implicitly to `to` (already substituted)
Values expr_multi(Fn *f, Expr *x,
                  int want); // x in a context of `want` values: tuple call or comma-ok form (v, ok)
void expr_into(Fn *f, Expr *x, Type *to,
               VRef addr); // evaluates straight into fresh memory that x cannot refer to
VRef cond(Fn *f, Expr *x); // i1
void cond_br(Fn *f, Expr *x, BRef yes, BRef no);        // short circuits
VRef expr_index(Fn *f, Expr *x, bool *is_unsigned);     // as i64, extended according to its type
const char *conversion_text(Fn *f, Type *t, Expr *arg); // string(b), ([]byte)(s)
void hoist(Fn *f, Expr *x); // evaluates the calls in x, in order; call it for each operand of a
                            // statement, then expr()
void hoist_list(Fn *f, Expr **x, int n);
void hoist_reset(Fn *f); // forgets all: at the start of each statement
bool has_call(Expr *x);  // a call, receive or map read that hoist would evaluate
Value convert(Fn *f, Value v, Type *to, Pos pos); // explicit conversion T(v)
Value implicit(Fn *f, Value v,
               Type *to); // assignment of v to a variable of type `to`: boxes, changes interfaces
Value binary(Fn *f, Tok op, Value x, Value y,
             Type *t); // arithmetic of equal types; op not a comparison, shift, && or ||
Value shift(Fn *f, Tok op, Value x, Value y);
VRef compare(Fn *f, Tok op, Value x, Value y); // == != < …; operands of equal types
Type *expr_type(Fn *f, Expr *x);               // fn_type(x->type)
Selection *
selection_of(Fn *f, Expr *sel); // of x.f, looked up again when x's type depends on type parameters
Place place(Fn *f,
            Expr *x); // x as an assignment's left side: operands evaluated, last checks pending
Place place_mem(Type *t, VRef addr);
Place place_field(Fn *f, Place p, int i);
VRef place_finish(Fn *f, Place *p); // PLACE_MEM: does the pending checks, gives the address
Value place_load(Fn *f, Place *p);
void place_store(Fn *f, Place *p, Value v); // v of p's type already
VRef addr(
    Fn *f,
    Expr *x); // &x: address of an addressable expression (checks done); composite literals too
bool type_is_mem(Fn *f, Type *t);

// ---- stmt.c
void stmt(Fn *f, Stmt *s);
void stmt_list(Fn *f, StmtList *l);
// v stored to places for a range clause, define or assign: used by select and range-over-func
void assign_value(Fn *f, Expr *lhs, bool define, Value v);

// ---- call.c
// Calls code (with its ctx) by signature; args: one Value for each Go parameter (receiver first),
// of exactly the parameters' types.
Values call_raw(Fn *f, Sig *sig, VRef code, VRef ctx /* NULL: poison */, Value *args);
Values call_func(Fn *f, VRef fn, Sig *sig, Value *args);           // direct
Values call_closure(Fn *f, Type *functype, Value fv, Value *args); // func value, nil checked
Values expr_call(Fn *f, Expr *call); // any call expression; hoisted or not
// What a call expression calls and with what, evaluated but not called: for go and defer.
typedef enum CalleeKind { CALLEE_FUNC, CALLEE_CLOSURE, CALLEE_IFACE, CALLEE_BUILTIN } CalleeKind;
// Operands of the arguments of a go or defer statement (late.c): their values are evaluated at
// once, the arguments are made of them by the wrapper.
typedef struct LateLeaf {
  Expr *x;
  Values vs;
} LateLeaf;
typedef struct Late {
  VEC(LateLeaf) leaves;
} Late;
typedef struct Callee {
  CalleeKind kind;
  Expr *call;
  Sig *sig;       // with the receiver
  VRef fn;        // CALLEE_FUNC
  Value fv;       // CALLEE_CLOSURE: the func value (not nil checked)
  Value iface;    // CALLEE_IFACE: the receiver (not nil checked)
  Object *method; // CALLEE_IFACE
  int builtin;
  Value *args; // one for each parameter of sig (CALLEE_IFACE: without the receiver);
               // CALLEE_BUILTIN: of the arguments
  int nargs;
  Object *obj; // CALLEE_FUNC: the declared function, may be NULL
  TypeList targs;
  int nargs_at; // index in args of the call's first argument, 1 behind a method's receiver
  Late *late;   // holds what args[nargs_at..] will be made of; NULL: they are there
} Callee;
void callee_eval(Fn *f, Expr *call, Late *late /* or NULL */, Callee *c);
void callee_args(Fn *f, Callee *c); // in the wrapper: arguments out of late, which is remembered
Values callee_call(Fn *f, Callee *c, Pos pos);

// ---- late.c
// Hoists the operands of a go or defer statement's arguments. NULL: they must be evaluated at once.
Late *late_args(Fn *f, ExprList *args);
void late_eval(Fn *f, Late *l, Expr *x, Type *to);  // the leaves of argument x
void late_leaf(Fn *f, Late *l, Expr *x, Values vs); // x itself is one
int late_values(Late *l, Value **out);              // where the values are; how many
int late_count(const Late *l);
Late *late_copy(Arena *a, const Late *l);
void late_remember(Fn *f, Late *l); // in the wrapper: expr() finds the leaves' values

// ---- closure.c
Value expr_funclit(Fn *f, Expr *x);
// A closure object {code, captures of info…, extra…}, kind "closure", and the queued body. text:
// "func literal".
VRef closure_of_info(Fn *f, FuncInfo *info, VRef *extra, int nextra, struct RangeFunc *range,
                     const char *text);
// A closure object of code (a compiler-made function) and values; the function reads them with
// closure_load.
VRef closure_make(Fn *f, VRef code, Value *caps, int n, const char *kind, const char *text);
void closure_load(Fn *f, Type **types, int n, Value *out); // in the closure's function, from f->ctx
Value method_value(Fn *f, Expr *sel);                      // x.M not called
Value method_expr(Fn *f, Expr *sel);                       // T.M
Value func_value(Fn *f, Object *fn, TypeList targs);       // a declared function as a value

// ---- rtcall.c
VRef rt_func(Gen *g, const char *cname); // declared from runtime.def
VRef rt_call(Fn *f, const char *cname, VRef *args,
             int n); // result: NULL, a word, or a pair (use rt_pair). Bools: i64 0 or 1
#define RT_CALL(f, cname, ...)                                                                     \
  rt_call((f), (cname), (VRef[]){__VA_ARGS__}, (int)(sizeof((VRef[]){__VA_ARGS__}) / sizeof(VRef)))
VRef rt_word(Fn *f, VRef pair, int i); // extractvalue
VRef rt_bool(Fn *f, VRef word);        // i64 -> i1
VRef rt_ext(Fn *f, Value v); // a scalar bool or integer as i64, extended according to its type

// ---- debug.c
void debug_init(Gen *g);
LLVMMetadataRef debug_func(Gen *g, VRef fn, const char *goname, bool wrapper, Pos pos);
LLVMMetadataRef debug_loc(Gen *g, LLVMMetadataRef scope, Pos pos);
LLVMMetadataRef debug_file(Gen *g, Pos pos);
void debug_finish(Gen *g);

// ======== what the other half (irgen2) provides

// ---- typedesc.c
VRef type_desc(Gen *g, Type *t); // address of the descriptor, as a constant; made on demand
VRef type_eq_func(
    Gen *g, Type *t); // func value constant func(p, q unsafe.Pointer) bool, or null: not comparable
VRef type_hash_func(Gen *g,
                    Type *t); // func value constant func(p unsafe.Pointer, seed uintptr) uintptr
void typedesc_finish(Gen *g); // end of module
void type_own(Gen *g);        // asks for the descriptors of the package's own named types
VRef type_ptrmask(Gen *g, Type *t);  // private constant: bit i is word i; null: no pointers
VRef type_rootmask(Gen *g, Type *t); // the same, of any size
uint32_t type_hash(Type *t);         // the descriptor's Hash
void set_associated(Gen *g, VRef global, VRef with); // the linker keeps global if it keeps `with`

// ---- alg.c
bool type_is_regular_memory(Type *t); // equality is equality of bytes
bool type_is_closure(Type *t);        // a closure object's type: reflect never sees one
bool iface_is_empty(Type *t);         // an interface without methods: an eface
Type *func_type(Type **params, int np, Type **results, int nr);
Type *func0_type(void); // func()
Sig *eq_sig(Gen *g);    // func(p, q unsafe.Pointer) bool
VRef type_eq_code(Gen *g, Type *t);
VRef same_type_equal(Fn *f, Value x, Value y);

// ---- iface.c
VRef itab_const(Gen *g, Type *t, Type *iface); // go:itab.T,I
Value iface_box(
    Fn *f, Value v,
    Type *iface); // a concrete value as an interface (kind "box" unless constant or direct)
Value iface_box_into(Fn *f, Value v, Type *iface, const char *text); // with its text for -m
Value iface_change(
    Fn *f, Value v,
    Type *iface); // interface to another that its static type implements (nil stays nil)
// x.(to): ok NULL: panics; otherwise *ok gets an i1 and the value is zero when it is false.
Value type_assert(Fn *f, Value x, Type *to, VRef *ok, Pos pos);
VRef iface_method(
    Fn *f, Value iface, Object *method,
    VRef *data); // code pointer from the itab after the nil check; *data: receiver word
VRef values_equal(Fn *f, Value x, Value y);     // x == y of the same type, or interface against
                                                // interface, or interface against concrete
VRef mem_equal(Fn *f, Type *t, VRef p, VRef q); // values in memory
void stmt_typeswitch(Fn *f, Stmt *s);
VRef runtime_var(Gen *g, const char *name, LLVMTypeRef t); // a variable of the C runtime
VRef zerobase(Gen *g);                                     // where zero-sized objects are
bool value_is_const(Value v);                              // could be static data
bool same_method(Object *a, Object *b);                    // same name, and package if unexported
const MethodSetEntry *method_entry(Type *t, Object *m);    // of t's method set
void set_invariant(Fn *f, VRef load);                      // !invariant.load

// ---- composite.c
Value composite(Fn *f, Expr *x); // T{…}: struct, array, slice, map
void composite_into(Fn *f, Expr *x,
                    VRef addr); // struct or array literal into memory (all of it is written)
VRef composite_addr(Fn *f, Expr *x, Pos pos); // &T{…}: tagged "lit"
// Calls visit for each element of a literal (no map) with the type it is converted to.
void composite_operands(Fn *f, Expr *x, void (*visit)(void *ctx, Expr *x, Type *to), void *ctx);
bool composite_is_map(Fn *f, Expr *x);
VRef static_large(
    Fn *f, Expr *x,
    Type *t); // private constant for a literal of constants; NULL: none, or too small to pay
int64_t lit_index(Expr *elem, int64_t next,
                  Expr **val); // index and expression of an element of an array literal
int64_t lit_length(Expr *x);   // of an array literal

// ---- string.c
Value string_const(Gen *g, const char *s, size_t n, Type *t);
Value string_concat(Fn *f, Expr *x);       // a + b + …: x is EXPR_BINARY of + on strings
Value string_add(Fn *f, Value x, Value y); // x += y
VRef string_compare(Fn *f, Tok op, Value x, Value y);
Value string_convert(Fn *f, Value v, Type *to); // string <-> []byte, []rune; integer -> string

// ---- slice.c
Value slice_expr(Fn *f, Expr *x); // x[i:j:k] of strings, slices, arrays, pointers to arrays
Value slice_to_array(Fn *f, Value v, Type *to); // []T to [n]T or *[n]T
Value append_values(Fn *f, Value s, Value *args, int n, const char *text);
Value append_slice(Fn *f, Value s, Value t, const char *text);
Value append_zeros(Fn *f, Value s, VRef n, const char *text); // append(s, make([]T, n)...)
Value copy_slice(Fn *f, Value dst, Value src);
void clear_slice(Fn *f, Value s);
void move_elems(Fn *f, VRef dst, VRef src, VRef n, int64_t size,
                int64_t align); // memmove of n elements
Value make_slice(Fn *f, Type *t, VRef len, VRef cap,
                 const char *text); // len, cap: i64; the same VRef: one is given

// ---- map.c
Value map_read(Fn *f, Value m, Value key, VRef *ok); // m[k]; ok may be NULL
VRef map_elem(Fn *f, Value m, Value key);            // mapassign: where to store
void map_delete(Fn *f, Value m, Value key);
Value make_map(Fn *f, Type *t, VRef hint, const char *text); // hint NULL: none
VRef counted_word(Fn *f, VRef p, int64_t at); // len or cap in a map or channel; 0 for nil

// ---- builtin.c
Values builtin_call(Fn *f, Expr *call); // append cap clear close complex copy delete imag len make
                                        // max min new panic print println real recover unsafe.*
Values builtin_values(Fn *f, int id, Value *args, int nargs,
                      Pos pos);          // those allowed in go and defer: arguments are evaluated
int64_t selector_offset(Fn *f, Expr *x); // unsafe.Offsetof

// ---- conc.c
void stmt_go(Fn *f, Stmt *s);
void stmt_defer(Fn *f, Stmt *s);
void stmt_send(Fn *f, Stmt *s);
void stmt_select(Fn *f, Stmt *s);
Value recv(Fn *f, Value ch, VRef *ok); // <-ch; ok may be NULL
Value recover_call(Fn *f);
VRef defer_record(
    Fn *f); // the record that a defer statement here pushes to (range bodies: the outer function's)

// ---- rangefunc.c
void stmt_rangefunc(Fn *f, Stmt *s);
void rangefunc_prologue(Fn *f); // of a body (f->range set), after captures are known
// break, continue, goto, return out of a range-over-func body: called when the target is not inside
// f. true: handled.
bool rangefunc_branch(Fn *f, Stmt *s);
bool rangefunc_return(Fn *f, Stmt *s);
bool rangefunc_results_by_ref(Fn *f); // the results must be in memory: range bodies store to them
void rangefunc_end(Fn *f); // control reaches the end of a body (f->range set): func_body calls it
VRef rangefunc_record(Fn *f); // in a body: the Go function's defer record
VRef rangefunc_argp(Fn *f);   // in a body: what recover wants to know of the Go function

// ---- init.c
void init_globals(Gen *g);      // defines all package-level variables, static data where possible,
                                // roots; makes PKG.init
bool init_needed(Package *pkg); // has a PKG.init
void add_root(Gen *g, VRef var, Type *t); // an entry in goc_roots, if t has pointers
bool is_blank_name(Atom name);
VRef static_const(Fn *f, Expr *x, Type *t); // the value of x as constant data of t's layout without
                                            // relocations to writable memory; NULL: not constant

// ---- intrinsic.c
// Generates a call of a function that is instructions. args: one for each parameter. false: an
// ordinary function.
bool intrinsic_call(Fn *f, Object *fn, const char *symbol, Sig *sig, Value *args, Values *out);
VRef intrinsic(Fn *f, const char *name, LLVMTypeRef overload, VRef *args,
               int n); // calls an LLVM intrinsic; overload NULL: not overloaded
// v rounded towards zero, as i32 or i64; what it gives out of range, gc's amd64 code gives too.
VRef float_truncate(Fn *f, VRef v, LLVMTypeRef to);
bool intrinsic_known(const char *symbol); // has no body of its own to call; func_ref makes one from
                                          // the instructions if its value is wanted
void intrinsic_body(Fn *f, const char *symbol, Value *params); // the body of such a function

// ---- wrapper.c
VRef layout_string(Gen *g, Sig *sig);       // private constant: prefix data's first word
void set_prefix(Gen *g, VRef fn, Sig *sig); // {layout, leak bits} before the function
// The code for method m of recv's method set. word: the receiver is one word (itabs, Ifn);
// otherwise recv flattened (Tfn).
VRef method_code(Gen *g, Type *recv, const MethodSetEntry *m, bool word);
// Calls a promoted or direct method on a receiver value: used by wrappers and method expressions.
Values call_selected(Fn *f, Value recv, const Selection *sel, Value *args);
VRef wrapper_for(Gen *g, Type *ptr, Object *m); // (*T).M for the method m of T
const char *type_name_of(Type *t);              // "T" of main.T

#endif
