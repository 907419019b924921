// internal.h: what the files of the escape pass share: summaries, the points-to graph of one
// function, sites.
//
// Glossary (escape.h has the public one)
//   node      has a set of places: an SSA value (one node for each scalar), a slot of an object, a
//   sink slot      an object's pointer word at an offset; `any` joins stores at unknown offsets,
//   `all` what a load at an unknown offset sees outside   an object that the function did not make:
//   what a parameter points to, and what is loaded from that sink      a node whose places outlive
//   the frame: the heap, results, memory of outside objects root      where a path of a summary
//   begins: a parameter, the closure context, the out pointer, a result, the heap, a fresh object
//
// Invariants
//   any ⊆ slot(off) ⊆ all for every slot of an object.
//   An escaped object has all ⊆ heap and heap ∈ any.  A node that collapsed (top) has the set
//   {heap}; what it had is in the heap sink. Offsets are bytes, multiples of 8 below the object's
//   size, or ANY.
#ifndef GOC_PASS_INTERNAL_H
#define GOC_PASS_INTERNAL_H

#include "pass/escape.h"
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>

#define ANY (-1) // unknown offset

enum {
  MAX_STARS = 4,            // dereferences that a path tells apart
  MAX_ARGS = 6,             // arguments of a call in a summary
  MAX_SLOTS = 64,           // slots of an object, then they collapse into any and all
  MAX_SET = 96,             // places of a node, then it collapses into the heap
  MAX_OFFSETS = 8,          // offsets of one object in a node, then ANY
  MAX_FLOWS = 96,           // flows of a summary, then offsets go, then everything leaks
  MAX_OUTSIDE = 500,        // outside objects of a function
  MAX_CALL_DEPTH = 2,       // calls of func values made by callees of callees that are told apart
  MAX_CALLS = 20000,        // calls of a function that are
  MAX_NODES = 2000000,      // of a function's graph, then all of it is on the heap
  MAX_LEAVES = 32,          // scalars of a first-class aggregate that have nodes of their own
  LIMIT_VAR = 10 << 20,     // bytes of a declared variable in a frame; gc's limit
  LIMIT_IMPLICIT = 64 << 10 // bytes of anything else, gc's limit
};

// ---- leaks.c

typedef enum Root {
  ROOT_PARAM,  // 2
  ROOT_CTX,    // c
  ROOT_OUT,    // o
  ROOT_RESULT, // r0
  ROOT_HEAP,   // h
  ROOT_NEW,    // new
  ROOT_CALLED, // only as destination: the source is a func value that is called, 1(0,_)
} Root;

// A value or, as a destination with stars > 0, a location: root, then stars loads at off[0..stars),
// then displaced by disp bytes.
typedef struct Path {
  uint8_t root, stars;
  int16_t n;              // of ROOT_PARAM, ROOT_RESULT
  int32_t off[MAX_STARS]; // or ANY
  int32_t disp;           // or ANY; 0 in destinations
} Path;

// dst.root == ROOT_CALLED: src is called with args (by LLVM parameter behind the context;
// ROOT_HEAP, written _, and those missing: values from the heap). Its results go to the heap, or
// nowhere when dropped.
typedef struct Flow {
  Path src, dst;
  uint8_t nargs;
  bool dropped;
  Path args[MAX_ARGS];
} Flow;

// Flows are without duplicates; `all` swallows them.
typedef struct Leaks {
  bool all;    // everything leaks, results are unknown
  bool coarse; // offsets are forgotten
  VEC(Flow) flows;
} Leaks;

Path path_root(Root root, int n);
bool path_eq(const Path *a, const Path *b);
void leaks_add(Arena *a, Leaks *l, Flow f);
void leaks_merge(Arena *a, Leaks *l, const Leaks *other);
void leaks_normalize(Leaks *l); // drops what other flows imply, collapses what is too large
void leaks_encode(Buf *out, const Leaks *l); // sorted text, "!" for all; normalized first
bool leaks_parse(Arena *a, const char *text,
                 Leaks *l); // false: not in the notation; *l then leaks everything
int leaks_stars(const Leaks *l, const Path *root, Root dst,
                int n); // least number of stars from root to dst (n: result, -1: any), -1: none

// ---- scc.c

typedef struct Digraph {
  int n;
  int *head; // n + 1 entries: edges of i are to[head[i]..head[i+1])
  int *to;
} Digraph;

// Strongly connected components by Tarjan's algorithm, without recursion. comp[i] gets the
// component of node i, numbered so that an edge never leads to a larger number (callees first).
// Returns their count.
int scc_run(Arena *a, const Digraph *g, int *comp);

// ---- the module (escape.c)

typedef enum SiteKind {
  SITE_VAR,
  SITE_NEW,
  SITE_LIT,
  SITE_CLOSURE,
  SITE_BOX,
  SITE_VARARGS,
  SITE_BOUND,
  SITE_BUF,
  SITE_SLICE,
  SITE_MAP,
  SITE_CHAN,
  SITE_STRING,
  SITE_APPEND,
  SITE_BAD
} SiteKind;

typedef enum Reason { // why a site is on the heap
  REASON_NONE,
  REASON_FLOW,
  REASON_SIZE,
  REASON_DYNAMIC,
  REASON_LOOP,
  REASON_DROPPED, // a map that `m = nil` lets go of: in a frame it would keep its table
  REASON_OFF
} Reason;

typedef struct Obj Obj;
typedef struct Site {
  LLVMValueRef inst;   // alloca or call
  LLVMMetadataRef loc; // where it is in the source, or NULL
  SiteKind kind;
  const char *text;
  LLVMValueRef type; // descriptor, or NULL
  int64_t id;
  int64_t size; // bytes, -1: of run-time size
  int64_t elem; // makeslice: bytes of an element, -1 unknown
  unsigned align;
  bool call;      // a runtime call, not an alloca
  bool newobject; // promote: a call of runtime.newobject
  bool buffered;  // a map or string in a buffer of the frame, if it is small enough
  bool escapes;   // its address outlives the frame, or it must not stay for another reason
  EscapeWhere where;
  Reason reason;
  Obj *obj;
} Site;

typedef struct Func Func;
struct Func {
  LLVMValueRef v;
  int index;
  int nparams;  // LLVM parameters
  int ctx, out; // LLVM index of the nest and the out parameter, -1: none
  bool defined;
  bool trusted;    // goc-noescape, or a summary that came with the module and is not recomputed
  bool implicit;   // results without a flow come from the heap (runtime functions, trusted ones)
  bool known;      // leaks is valid
  bool checkpoint; // calls runtime.checkpoint
  Leaks leaks;
  // within a component
  int changed_at, analysed_at; // rounds are counted by e->clock
  VEC(struct Func *) deps;     // whose summaries the last analysis read
};

struct Line;
typedef struct Escape {
  LLVMModuleRef m;
  LLVMContextRef ctx;
  LLVMTargetDataRef td;
  const EscapeOptions *opt;
  Arena *arena;
  unsigned md_alloc, md_func, md_dbg, attr_nest;
  bool promote;
  PtrMap *funcs; // LLVMValueRef -> Func*
  VEC(Func *) list;
  Map *runtime;      // symbol -> Leaks*
  PtrMap *explained; // site number + 1 -> its remembered line
  VEC(struct Line *) lines;
  int clock;                  // of esc_fixed_point
  int nheap, nstack, nstatic; // sites, for stats
  int ncollapsed, noverflow;
} Escape;

Func *esc_func(Escape *e, LLVMValueRef f); // made on demand
Escape *esc_open(LLVMModuleRef m, const EscapeOptions *opt,
                 bool promote); // ends with arena_free(e->arena)
void esc_bottom_up(Escape *e, void (*visit)(Escape *e, Func **f, int n));
struct Graph;
struct Graph *esc_analyse(Escape *e, Func *f,
                          Arena *a); // the solved graph of a function, its sites decided
bool esc_take_summary(Func *f, struct Graph *g);  // from the solved graph; true: it changed
void esc_fixed_point(Escape *e, Func **f, int n); // summaries of a component
bool esc_calls_itself(Func *f);
void esc_publish(Escape *e, Func *f);         // writes "goc-leaks"
int esc_param(const Func *f, int llvm_index); // number in summaries, -1: context, -2: out pointer
bool esc_site(Escape *e, LLVMValueRef inst,
              Site *out); // reads !goc.alloc; false: not tagged (or not a site of this run)
SiteKind esc_site_kind(const char *name, size_t len);
int64_t esc_type_size(LLVMValueRef descriptor); // from its initializer, -1 if unknown
bool esc_is_function_named(LLVMValueRef callee, const char *name);

// ---- graph.c

typedef struct Node Node;
typedef uint32_t Place; // index into Graph.places
#define PLACE_HEAP 0u

typedef enum ObjKind {
  OBJ_HEAP,
  OBJ_SITE,  // a site
  OBJ_LOCAL, // an untagged alloca: its address may go anywhere, its contents may not
  OBJ_OUTSIDE,
  OBJ_FUNC, // a function constant
  OBJ_CONST // a constant global with pointers in it
} ObjKind;

typedef struct Slot {
  int32_t off;
  Node *node;
} Slot;

struct Obj {
  ObjKind kind;
  int id;
  Site *site;
  LLVMValueRef v; // alloca, function, global
  int64_t size;   // bytes, -1 unknown
  bool escaped;   // address reaches the heap, a result, outside memory, or it is on the heap for
                  // another reason
  bool to_heap, to_result; // how its address escaped
  bool heapmem;            // its memory is on the heap whether or not its address escapes
  bool always_live;        // a defer record
  bool collapsed;
  bool leaked; // an outside object that is on the heap: its address is in the heap sink
  Node *any, *all;
  VEC(Slot) slots;
  // outside objects
  uint8_t root;
  int16_t n;
  int level; // loads from the root's object
  Obj *parent;
  int32_t off; // in parent
  Obj *anychild;
};

typedef enum ConKind {
  CON_COPY,   // target ⊇ self + off
  CON_LOAD,   // target ⊇ slot(self + off)
  CON_STORE,  // slot(self + off) ⊇ target
  CON_COPYTO, // self is the destination of a memory copy whose source pointer is target
  CON_COPYFROM,
  CON_CODE,  // self is the code pointer of call
  CON_CALLED // self is a func value that unknown code calls
} ConKind;

typedef struct CallSite CallSite;
typedef struct Con {
  ConKind kind;
  int32_t
      off; // COPY: displacement or ANY; LOAD, STORE: offset or ANY; COPYTO, COPYFROM: bytes or ANY
  Node *target;
  CallSite *call;
  LLVMValueRef inst; // what made it, for explanations
} Con;

typedef struct Via { // how a place came into a node, for -m=2
  Node *from;
  Place place;
  LLVMValueRef inst;
} Via;

struct Node {
  int id;
  LLVMValueRef v; // the value it belongs to, or NULL
  Obj *obj;       // the object it is a slot of, or NULL
  bool sink;      // places in it outlive the frame
  bool result;    // sink of a result
  bool top;       // collapsed
  bool unlimited;
  bool queued;
  int ndone;
  VEC(Place) set;
  uint32_t *hash; // of set, when it is larger than 16
  int nhash;
  Via *via; // parallel to set, or NULL
  int nvia; // capacity of via
  VEC(Con) cons;
};

typedef struct PlaceInfo {
  Obj *obj;
  int32_t off;
} PlaceInfo;

typedef struct Table { // open addressing over 64-bit keys
  uint64_t *key;
  uint32_t *val;
  int n, cap;
} Table;

typedef struct Graph {
  Escape *e;
  Func *f;
  Arena *a;
  VEC(Obj *) objs;
  VEC(PlaceInfo) places;
  Table placeids, edges;
  VEC(Node *) nodes, queue;
  int qhead;
  VEC(Obj *) escapes;  // escaped objects whose contents are still to be sent to the heap
  Node *unknown;       // {heap}, no sink
  PtrMap *values;      // LLVMValueRef -> Node ** (one for each leaf)
  PtrMap *memobjs;     // alloca, call, global, function -> Obj*
  Node *heap;          // the heap sink
  Node *called;        // func values that unknown code calls
  VEC(Node *) results; // by leaf of the returned value, NULL where no pointer
  VEC(Site *) sites;
  VEC(Node *) dropped; // pointers that the program lets go of
  VEC(Obj *) outside;
  VEC(CallSite *) calls;
  bool overflow; // too many outside objects: everything leaks
  bool gave_up;  // larger than MAX_NODES
  bool explain;
} Graph;

Graph *graph_new(Escape *e, Func *f, Arena *a);
Node *node_new(Graph *g);
Obj *obj_new(Graph *g, ObjKind kind, LLVMValueRef v, int64_t size);
Obj *obj_outside(Graph *g, Root root, int n);
Place place_of(Graph *g, Obj *o, int64_t off); // clamps the offset
void node_add(Graph *g, Node *n, Place p, Via via);
bool node_has(const Node *n, Place p);
void graph_con(Graph *g, Node *from, Con c);
void graph_copy(Graph *g, Node *from, Node *to, int64_t off, LLVMValueRef inst);
void graph_load(Graph *g, Node *ptr, int64_t off, Node *to, LLVMValueRef inst);
void graph_store(Graph *g, Node *ptr, int64_t off, Node *value, LLVMValueRef inst);
void graph_memcpy(Graph *g, Node *dst, Node *src, int64_t len, LLVMValueRef inst);
void obj_escape(Graph *g, Obj *o); // its contents flow to the heap, the heap into it
void obj_heapmem(Graph *g, Obj *o);
Node *obj_read(Graph *g, Obj *o,
               int32_t off); // node of what a load sees; not for heap, functions, constants
Node *obj_write(Graph *g, Obj *o, int32_t off); // node that a store adds to
Path obj_path(const Obj *o);                    // of a pointer to an outside object
bool graph_valid(Graph *g, const char **why);

// ---- flow.c

// Builds the constraints of the function. Requires mem2reg.
void flow_func(Graph *g);
// The nodes of a value's scalars; NULL entries carry no pointer. Makes nodes for constants.
Node **flow_value(Graph *g, LLVMValueRef v);
Node *flow_pointer(Graph *g, LLVMValueRef v); // of a pointer value; never NULL
void flow_const_at(Graph *g, Obj *o, int32_t off, Node *to,
                   Via via);               // loads from a constant global
int flow_leaves(LLVMTypeRef t);            // scalars of a type
bool flow_carries(LLVMTypeRef t);          // has pointers
bool flow_is_data(LLVMValueRef operand);   // not a block, not metadata
bool flow_inst_carries(LLVMValueRef inst); // an operand or the result has pointers

// ---- call.c

struct CallSite {
  LLVMValueRef inst; // the call instruction, or the one whose callee makes the call
  int depth;         // 0: a call of the function, else made by callees
  bool real;         // inst is the call itself: arguments and results are those of the instruction
  bool heap_results; // not real: results go to the heap, otherwise they are dropped
  Node **args; // by LLVM index, NULL: no pointer; not real: those behind nargs come from the heap
  int nargs;
  bool indirect;
  Node **res; // by leaf, NULL: no pointer
  int nres;
  Node *ctx; // func value of an indirect call, or NULL
  Node *code;
  bool unknown;     // went to unknown code already
  bool pending;     // the callee is a func value that came from the caller: the summary says so
  bool *leaked;     // argument i could not be written in the summary and went to the heap
  VEC(Func *) done; // instantiated
  VEC(struct {
    Path p;
    Node *n;
  })
  memo;
};

void call_flow(Graph *g, LLVMValueRef inst);
void call_code(Graph *g, CallSite *cs, Place p); // the code pointer of an indirect call may be p
void call_called(Graph *g, Place p, LLVMValueRef inst); // unknown code calls the func value p
bool call_settle(Graph *g); // what can be said only now about calls; true: something changed
void call_summary(Graph *g, Leaks *l); // calls of func values that came from the caller

// ---- solve.c

void solve_run(Graph *g);                                   // to the fixed point
void solve_apply(Graph *g, Node *n, const Con *c, Place p); // one constraint of n, whose set has p
void solve_summary(Graph *g, Leaks *l);                     // reads the flows off the solved graph
void solve_decide(Graph *g); // outlives(), sizes, loops; sets where, reason of every site

// ---- cfg.c

typedef struct Cfg {
  int n;
  LLVMBasicBlockRef *block;
  PtrMap *index; // block -> number + 1
  Digraph succ, pred;
  int *comp;    // strongly connected component of a block
  bool *cyclic; // the block is in a cycle
  PtrMap *pos;  // instruction -> its number + 1, in the order of blocks
} Cfg;
Cfg *cfg_new(Arena *a, LLVMValueRef f);
int cfg_block(const Cfg *c, LLVMBasicBlockRef b);
// Is v still used when inst executes (again), before v is defined anew?
bool cfg_live_at(Arena *scratch, const Cfg *c, LLVMValueRef v, LLVMValueRef inst);

// ---- loops.c

// Finds the sites in cycles whose last object may still be used when the next is made; escapes
// them. true: the graph must be solved again.
bool loops_decide(Graph *g);

// ---- rewrite.c

// What needs neither stack nor heap becomes static data (WHERE_STATIC): to be called first, so that
// -m can say so.
void rewrite_static(Escape *e, Site **sites, int n);
void rewrite_sites(Escape *e, LLVMValueRef f, Site **sites, int n);
LLVMValueRef rewrite_newobject(Escape *e); // declaration of runtime.newobject
LLVMValueRef rewrite_entry_alloca(Escape *e, LLVMValueRef f, LLVMTypeRef t, unsigned align,
                                  const char *name);

// ---- explain.c

void explain_begin(Escape *e); // before mem2reg: remembers all sites
void explain_func(Graph *g);   // sends the lines of -m for the function
bool explain_has_line(SiteKind kind, const char *text);
void explain_end(Escape *e); // sites that mem2reg dissolved do not escape

#endif
