// flow.c: instructions to constraints.
//
// Every SSA value that can hold a pointer has a node for each of its scalars. Integers have one
// only where a pointer is made from them, or where pointers may have been cast to them (after
// LLVM's passes a copied pointer can be an i64). What is not understood flows to and from the heap;
// flow_func looks at the end whether every instruction that yields a pointer got a node.
#include "pass/internal.h"
#include <string.h>

// ---- types

bool flow_carries(LLVMTypeRef t) {
  switch (LLVMGetTypeKind(t)) {
  case LLVMPointerTypeKind: return true;
  case LLVMVectorTypeKind: return flow_carries(LLVMGetElementType(t));
  case LLVMArrayTypeKind: return flow_carries(LLVMGetElementType(t));
  case LLVMStructTypeKind:
    for (unsigned i = 0; i < LLVMCountStructElementTypes(t); i++)
      if (flow_carries(LLVMStructGetTypeAtIndex(t, i)))
        return true;
    return false;
  default: return false;
  }
}

bool flow_is_data(LLVMValueRef operand) {
  LLVMTypeKind k = LLVMGetTypeKind(LLVMTypeOf(operand));
  return k != LLVMLabelTypeKind && k != LLVMMetadataTypeKind && k != LLVMTokenTypeKind;
}

static int64_t count_leaves(LLVMTypeRef t) {
  int64_t n = 0;
  switch (LLVMGetTypeKind(t)) {
  case LLVMStructTypeKind:
    for (unsigned i = 0; i < LLVMCountStructElementTypes(t); i++)
      n += count_leaves(LLVMStructGetTypeAtIndex(t, i));
    return n;
  case LLVMArrayTypeKind: {
    int64_t one = count_leaves(LLVMGetElementType(t));
    uint64_t len = LLVMGetArrayLength2(t);
    return len > MAX_LEAVES ? MAX_LEAVES + 1 : one * (int64_t)len;
  }
  case LLVMVoidTypeKind: return 0;
  default: return 1;
  }
}

// A type with too many scalars has one node for all of them.
int flow_leaves(LLVMTypeRef t) {
  int64_t n = count_leaves(t);
  return n > MAX_LEAVES ? 1 : (int)n;
}

static bool is_merged(LLVMTypeRef t) {
  return count_leaves(t) > MAX_LEAVES;
}

static bool is_aggregate(LLVMTypeRef t) {
  LLVMTypeKind k = LLVMGetTypeKind(t);
  return k == LLVMStructTypeKind || k == LLVMArrayTypeKind;
}

static LLVMTypeRef element(LLVMTypeRef t, unsigned i) {
  return LLVMGetTypeKind(t) == LLVMStructTypeKind ? LLVMStructGetTypeAtIndex(t, i)
                                                  : LLVMGetElementType(t);
}

static unsigned count_elements(LLVMTypeRef t) {
  return LLVMGetTypeKind(t) == LLVMStructTypeKind ? LLVMCountStructElementTypes(t)
                                                  : (unsigned)LLVMGetArrayLength2(t);
}

static int64_t element_offset(Graph *g, LLVMTypeRef t, unsigned i) {
  if (LLVMGetTypeKind(t) == LLVMStructTypeKind)
    return (int64_t)LLVMOffsetOfElement(g->e->td, t, i);
  return (int64_t)(i * LLVMABISizeOfType(g->e->td, LLVMGetElementType(t)));
}

// Calls visit for each scalar of t with its byte offset.
typedef struct Leaf {
  LLVMTypeRef type;
  int64_t off;
} Leaf;

static void collect(Graph *g, LLVMTypeRef t, int64_t off, Leaf *out, int *n) {
  if (!is_aggregate(t)) {
    if (LLVMGetTypeKind(t) != LLVMVoidTypeKind)
      out[(*n)++] = (Leaf){t, off};
    return;
  }
  for (unsigned i = 0; i < count_elements(t); i++)
    collect(g, element(t, i), off + element_offset(g, t, i), out, n);
}

static int leaves(Graph *g, LLVMTypeRef t, Leaf out[MAX_LEAVES]) {
  int n = 0;
  if (is_merged(t))
    out[n++] = (Leaf){t, ANY};
  else
    collect(g, t, 0, out, &n);
  return n;
}

// The offset of a load or store of a scalar at off: a vector's elements are anywhere.
static int64_t scalar_offset(LLVMTypeRef t, int64_t off) {
  return LLVMGetTypeKind(t) == LLVMVectorTypeKind ? ANY : off;
}

static bool is_wide_int(LLVMTypeRef t) {
  LLVMTypeKind k = LLVMGetTypeKind(t);
  if (k == LLVMVectorTypeKind)
    return is_wide_int(LLVMGetElementType(t));
  return k == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(t) >= 64;
}

static bool is_word(LLVMTypeRef t) {
  return LLVMGetTypeKind(t) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(t) == 64;
}

// ---- constants

static bool has_pointers(LLVMValueRef c, int depth) {
  if (LLVMIsNull(c) || LLVMIsUndef(c) || LLVMIsAConstantInt(c) || LLVMIsAConstantFP(c) ||
      LLVMIsAConstantDataSequential(c))
    return false;
  if (LLVMIsAConstantStruct(c) || LLVMIsAConstantArray(c)) {
    int n = LLVMGetNumOperands(c);
    if (depth > 8 || n > 4096)
      return true;
    for (int i = 0; i < n; i++)
      if (has_pointers(LLVMGetOperand(c, (unsigned)i), depth + 1))
        return true;
    return false;
  }
  return true;
}

static bool starts(const char *s, const char *prefix) {
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_constant_global(LLVMValueRef v) {
  if (!LLVMIsAGlobalVariable(v))
    return false;
  size_t len;
  const char *name = LLVMGetValueName2(v, &len);
  return LLVMIsGlobalConstant(v) || (starts(name, "go:itab.") && LLVMGetInitializer(v));
}

static Obj *const_obj(Graph *g, ObjKind kind, LLVMValueRef v) {
  Obj *o = ptrmap_get(g->memobjs, v);
  if (!o) {
    o = obj_new(g, kind, v, -1);
    ptrmap_set(g->memobjs, v, o);
  }
  return o;
}

static int64_t gep_offset(Graph *g, LLVMValueRef gep);

static void add_const(Graph *g, LLVMValueRef c, int64_t off, Node *to, Via via) {
  if (LLVMIsNull(c) || LLVMIsUndef(c) || LLVMIsAConstantInt(c) || LLVMIsAConstantFP(c))
    return;
  if (LLVMIsAFunction(c)) {
    node_add(g, to, place_of(g, const_obj(g, OBJ_FUNC, c), 0), via);
  } else if (is_constant_global(c)) {
    LLVMValueRef init = LLVMGetInitializer(c);
    if (!init)
      node_add(g, to, PLACE_HEAP, via);
    else if (has_pointers(init, 0))
      node_add(g, to, place_of(g, const_obj(g, OBJ_CONST, c), off), via);
  } else if (LLVMIsAConstantExpr(c)) {
    LLVMOpcode op = LLVMGetConstOpcode(c);
    if (op == LLVMGetElementPtr) {
      int64_t d = gep_offset(g, c);
      add_const(g, LLVMGetOperand(c, 0), d == ANY || off == ANY ? ANY : off + d, to, via);
    } else {
      for (int i = 0; i < LLVMGetNumOperands(c); i++)
        add_const(g, LLVMGetOperand(c, (unsigned)i),
                  op == LLVMPtrToInt || op == LLVMIntToPtr || op == LLVMBitCast ? off : ANY, to,
                  via);
    }
  } else {
    node_add(g, to, PLACE_HEAP, via);
  }
}

// The scalar at byte offset off of constant c; NULL: not a whole one.
static LLVMValueRef const_scalar(Graph *g, LLVMValueRef c, int64_t off) {
  for (;;) {
    LLVMTypeRef t = LLVMTypeOf(c);
    if (!is_aggregate(t))
      return off == 0 ? c : NULL;
    if (off < 0 || (uint64_t)off >= LLVMABISizeOfType(g->e->td, t))
      return NULL;
    if (LLVMIsNull(c) || LLVMIsUndef(c))
      return c;
    unsigned i =
        LLVMGetTypeKind(t) == LLVMStructTypeKind
            ? LLVMElementAtOffset(g->e->td, t, (unsigned long long)off)
            : (unsigned)((uint64_t)off / LLVMABISizeOfType(g->e->td, LLVMGetElementType(t)));
    off -= element_offset(g, t, i);
    c = LLVMGetAggregateElement(c, i);
    if (!c)
      return NULL;
  }
}

void flow_const_at(Graph *g, Obj *o, int32_t off, Node *to, Via via) {
  LLVMValueRef init = LLVMGetInitializer(o->v);
  LLVMValueRef c = off == ANY || !init ? NULL : const_scalar(g, init, off);
  if (c)
    add_const(g, c, 0, to, via);
  else
    node_add(g, to, PLACE_HEAP, via);
}

// ---- values

static Node **make_nodes(Graph *g, LLVMValueRef v) {
  LLVMTypeRef t = LLVMTypeOf(v);
  Leaf leaf[MAX_LEAVES];
  int n = leaves(g, t, leaf);
  Node **nodes = NEW_ARRAY(g->a, Node *, n > 0 ? n : 1);
  for (int i = 0; i < n; i++) {
    if (!flow_carries(leaf[i].type))
      continue;
    nodes[i] = node_new(g);
    nodes[i]->v = v;
  }
  ptrmap_set(g->values, v, nodes);
  return nodes;
}

static void constant_leaves(Graph *g, LLVMValueRef c, Node **nodes, int n) {
  LLVMTypeRef t = LLVMTypeOf(c);
  if (!is_aggregate(t)) {
    if (nodes[0])
      add_const(g, c, 0, nodes[0], (Via){0});
    return;
  }
  if (LLVMIsNull(c) || LLVMIsUndef(c))
    return;
  int k = 0;
  for (unsigned i = 0; i < count_elements(t) && k < n; i++) {
    LLVMValueRef elem = LLVMGetAggregateElement(c, i);
    if (elem)
      constant_leaves(g, elem, nodes + k, n - k);
    k += flow_leaves(element(t, i));
  }
}

static void argument(Graph *g, LLVMValueRef v, Node *node) {
  for (int i = 0; i < g->f->nparams; i++) {
    if (LLVMGetParam(g->f->v, (unsigned)i) != v)
      continue;
    int n = esc_param(g->f, i);
    Obj *o = n == -1   ? obj_outside(g, ROOT_CTX, 0)
             : n == -2 ? obj_outside(g, ROOT_OUT, 0)
                       : obj_outside(g, ROOT_PARAM, n);
    node_add(g, node, place_of(g, o, 0), (Via){0});
    return;
  }
}

Node **flow_value(Graph *g, LLVMValueRef v) {
  Node **nodes = ptrmap_get(g->values, v);
  if (nodes)
    return nodes;
  nodes = make_nodes(g, v);
  LLVMTypeRef t = LLVMTypeOf(v);
  if (LLVMIsAArgument(v)) {
    if (LLVMGetTypeKind(t) == LLVMPointerTypeKind)
      argument(g, v, nodes[0]);
    else
      for (int i = 0; i < flow_leaves(t); i++)
        if (nodes[i])
          node_add(g, nodes[i], PLACE_HEAP, (Via){0});
  } else if (LLVMIsConstant(v)) {
    if (is_merged(t)) {
      if (nodes[0] && !LLVMIsNull(v) && !LLVMIsUndef(v))
        node_add(g, nodes[0], PLACE_HEAP, (Via){0});
    } else {
      constant_leaves(g, v, nodes, flow_leaves(t));
    }
  }
  return nodes; // of an instruction: filled when it is visited
}

Node *flow_pointer(Graph *g, LLVMValueRef v) {
  Node **n = flow_value(g, v);
  return n[0] ? n[0] : g->unknown;
}

// ---- integers that may hold pointers

// Instructions whose result may be a pointer, as an integer, if an operand is.
static bool passes_integers(LLVMOpcode op) {
  switch (op) {
  case LLVMAdd:
  case LLVMSub:
  case LLVMMul:
  case LLVMAnd:
  case LLVMOr:
  case LLVMXor:
  case LLVMShl:
  case LLVMLShr:
  case LLVMAShr:
  case LLVMZExt:
  case LLVMSExt:
  case LLVMTrunc:
  case LLVMSelect:
  case LLVMFreeze:
  case LLVMBitCast:
  case LLVMInsertElement:
  case LLVMExtractElement:
  case LLVMShuffleVector: return true;
  default: return false;
  }
}

// Does the integer come from a pointer? After LLVM's passes any wide load may.
static bool int_carries(Graph *g, LLVMValueRef v, int depth) {
  if (LLVMIsAConstantExpr(v))
    return true;
  if (!LLVMIsAInstruction(v) || depth > 6)
    return depth > 6 && LLVMIsAInstruction(v);
  LLVMOpcode op = LLVMGetInstructionOpcode(v);
  if (op == LLVMPtrToInt)
    return true;
  if (op == LLVMLoad)
    return g->e->promote && is_wide_int(LLVMTypeOf(v));
  if (op != LLVMPHI && !passes_integers(op))
    return false;
  for (int i = 0; i < LLVMGetNumOperands(v); i++)
    if (int_carries(g, LLVMGetOperand(v, (unsigned)i), depth + 1))
      return true;
  return false;
}

static Node *int_node(Graph *g, LLVMValueRef v);

// What flows into the node of an integer instruction.
static void int_sources(Graph *g, LLVMValueRef v, Node *n) {
  LLVMOpcode op = LLVMGetInstructionOpcode(v);
  if (op == LLVMPtrToInt) {
    graph_copy(g, flow_pointer(g, LLVMGetOperand(v, 0)), n, 0, v);
  } else if (op == LLVMLoad) {
    graph_load(g, flow_pointer(g, LLVMGetOperand(v, 0)), scalar_offset(LLVMTypeOf(v), 0), n, v);
    node_add(g, n, PLACE_HEAP, (Via){0});
  } else if (op == LLVMPHI) {
    for (unsigned i = 0; i < LLVMCountIncoming(v); i++)
      graph_copy(g, int_node(g, LLVMGetIncomingValue(v, i)), n, 0, v);
  } else if (passes_integers(op)) {
    for (int i = 0; i < LLVMGetNumOperands(v); i++) {
      LLVMValueRef x = LLVMGetOperand(v, (unsigned)i);
      bool pointer = LLVMGetTypeKind(LLVMTypeOf(x)) == LLVMPointerTypeKind;
      graph_copy(g, pointer ? flow_pointer(g, x) : int_node(g, x), n, ANY, v);
    }
  } else {
    node_add(g, n, PLACE_HEAP, (Via){0});
  }
}

// The node of an integer (or a vector of them) from which a pointer is made, or that is stored.
static Node *int_node(Graph *g, LLVMValueRef v) {
  Node **known = ptrmap_get(g->values, v);
  if (known && known[0])
    return known[0];
  Node *n = node_new(g);
  Node **cell = NEW(g->a, Node *);
  *cell = n;
  n->v = v;
  ptrmap_set(g->values, v, cell);
  if (!LLVMIsAInstruction(v)) {
    add_const(g, v, LLVMIsConstant(v) ? 0 : ANY, n, (Via){0});
    if (!LLVMIsConstant(v))
      node_add(g, n, PLACE_HEAP, (Via){0});
    return n;
  }
  int_sources(g, v, n);
  return n;
}

// ---- instructions

static int64_t gep_offset(Graph *g, LLVMValueRef gep) {
  LLVMTypeRef t = LLVMGetGEPSourceElementType(gep);
  int64_t off = 0;
  for (int i = 1; i < LLVMGetNumOperands(gep); i++) {
    LLVMValueRef op = LLVMGetOperand(gep, (unsigned)i);
    if (!LLVMIsAConstantInt(op))
      return ANY;
    int64_t k = LLVMConstIntGetSExtValue(op);
    if (i == 1) {
      off += k * (int64_t)LLVMABISizeOfType(g->e->td, t);
    } else if (LLVMGetTypeKind(t) == LLVMStructTypeKind) {
      off += element_offset(g, t, (unsigned)k);
      t = LLVMStructGetTypeAtIndex(t, (unsigned)k);
    } else {
      t = LLVMGetElementType(t);
      off += k * (int64_t)LLVMABISizeOfType(g->e->td, t);
    }
  }
  return off < 0 ? ANY : off;
}

static void copy_all(Graph *g, LLVMValueRef from, LLVMValueRef to, LLVMValueRef inst) {
  Node **a = flow_value(g, from), **b = flow_value(g, to);
  int n = flow_leaves(LLVMTypeOf(to));
  for (int i = 0; i < n; i++)
    if (a[i] && b[i])
      graph_copy(g, a[i], b[i], 0, inst);
}

static void to_heap(Graph *g, LLVMValueRef v, LLVMValueRef inst) {
  if (!flow_carries(LLVMTypeOf(v)))
    return;
  Node **n = flow_value(g, v);
  for (int i = 0; i < flow_leaves(LLVMTypeOf(v)); i++)
    if (n[i])
      graph_copy(g, n[i], g->heap, 0, inst);
}

static void from_heap(Graph *g, LLVMValueRef v) {
  if (!flow_carries(LLVMTypeOf(v)))
    return;
  Node **n = flow_value(g, v);
  for (int i = 0; i < flow_leaves(LLVMTypeOf(v)); i++)
    if (n[i])
      node_add(g, n[i], PLACE_HEAP, (Via){0});
}

// Everything unknown: operands to the heap, the result from it.
static void unknown_inst(Graph *g, LLVMValueRef inst) {
  for (int i = 0; i < LLVMGetNumOperands(inst); i++) {
    LLVMValueRef op = LLVMGetOperand(inst, (unsigned)i);
    if (flow_is_data(op))
      to_heap(g, op, inst);
  }
  from_heap(g, inst);
}

static void flow_load(Graph *g, LLVMValueRef inst) {
  LLVMTypeRef t = LLVMTypeOf(inst);
  if (!flow_carries(t))
    return; // integers: on demand, int_node
  LLVMValueRef ptr = LLVMGetOperand(inst, 0);
  if (LLVMGetPointerAddressSpace(LLVMTypeOf(ptr)) != 0) {
    from_heap(g, inst);
    return;
  }
  Leaf leaf[MAX_LEAVES];
  int n = leaves(g, t, leaf);
  Node **nodes = flow_value(g, inst);
  for (int i = 0; i < n; i++)
    if (nodes[i])
      graph_load(g, flow_pointer(g, ptr), scalar_offset(leaf[i].type, leaf[i].off), nodes[i], inst);
}

static void store_value(Graph *g, LLVMValueRef ptr, LLVMValueRef v, LLVMValueRef inst) {
  LLVMTypeRef t = LLVMTypeOf(v);
  if (LLVMGetPointerAddressSpace(LLVMTypeOf(ptr)) != 0) {
    to_heap(g, v, inst);
    return;
  }
  if (!flow_carries(t)) {
    if (g->e->promote && !is_aggregate(t) &&
        int_carries(g, v, 0)) // in Go's eyes an integer is no pointer
      graph_store(g, flow_pointer(g, ptr), is_word(t) ? 0 : ANY, int_node(g, v), inst);
    return;
  }
  if (LLVMIsConstant(v) && (LLVMIsNull(v) || LLVMIsUndef(v)))
    return;
  Leaf leaf[MAX_LEAVES];
  int n = leaves(g, t, leaf);
  Node **nodes = flow_value(g, v);
  for (int i = 0; i < n; i++)
    if (nodes[i])
      graph_store(g, flow_pointer(g, ptr), scalar_offset(leaf[i].type, leaf[i].off), nodes[i],
                  inst);
}

static void flow_atomic(Graph *g, LLVMValueRef inst) {
  LLVMValueRef ptr = LLVMGetOperand(inst, 0);
  bool cas = LLVMGetInstructionOpcode(inst) == LLVMAtomicCmpXchg;
  LLVMValueRef value = LLVMGetOperand(inst, cas ? 2 : 1);
  if (!flow_carries(LLVMTypeOf(value))) {
    store_value(g, ptr, value, inst);
    return;
  }
  store_value(g, ptr, value, inst);
  Node **res = flow_value(g, inst);
  if (res[0])
    graph_load(g, flow_pointer(g, ptr), 0, res[0], inst);
}

// The member of an aggregate that extractvalue and insertvalue name, as a run of its scalars.
typedef struct Member {
  int first, n;
  bool merged; // the aggregate has one node for all its scalars
} Member;

static Member member_of(LLVMValueRef inst, LLVMTypeRef t, LLVMTypeRef member) {
  Member m = {0, flow_leaves(member), is_merged(t)};
  const unsigned *index = LLVMGetIndices(inst);
  for (unsigned k = 0; k < LLVMGetNumIndices(inst) && !m.merged; k++) {
    for (unsigned i = 0; i < index[k]; i++)
      m.first += flow_leaves(element(t, i));
    t = element(t, index[k]);
  }
  return m;
}

static void flow_extract(Graph *g, LLVMValueRef inst) {
  LLVMValueRef agg = LLVMGetOperand(inst, 0);
  if (!flow_carries(LLVMTypeOf(inst)))
    return;
  Node **from = flow_value(g, agg), **to = flow_value(g, inst);
  Member m = member_of(inst, LLVMTypeOf(agg), LLVMTypeOf(inst));
  for (int i = 0; i < m.n; i++) {
    Node *part = from[m.merged ? 0 : m.first + i];
    if (to[i] && part)
      graph_copy(g, part, to[i], m.merged ? ANY : 0, inst);
  }
}

static void flow_insert(Graph *g, LLVMValueRef inst) {
  LLVMValueRef agg = LLVMGetOperand(inst, 0), v = LLVMGetOperand(inst, 1);
  LLVMTypeRef t = LLVMTypeOf(agg);
  if (!flow_carries(t))
    return;
  Node **old = flow_value(g, agg), **to = flow_value(g, inst);
  Member m = member_of(inst, t, LLVMTypeOf(v));
  for (int i = 0; i < flow_leaves(t); i++)
    if (to[i] && old[i] && (m.merged || i < m.first || i >= m.first + m.n))
      graph_copy(g, old[i], to[i], 0, inst);
  if (!flow_carries(LLVMTypeOf(v)))
    return;
  Node **from = flow_value(g, v);
  for (int i = 0; i < m.n; i++) {
    Node *part = to[m.merged ? 0 : m.first + i];
    if (from[i] && part)
      graph_copy(g, from[i], part, m.merged ? ANY : 0, inst);
  }
}

static void flow_phi(Graph *g, LLVMValueRef inst) {
  if (!flow_carries(LLVMTypeOf(inst)))
    return;
  for (unsigned i = 0; i < LLVMCountIncoming(inst); i++)
    copy_all(g, LLVMGetIncomingValue(inst, i), inst, inst);
}

static void flow_ret(Graph *g, LLVMValueRef inst) {
  if (LLVMGetNumOperands(inst) == 0)
    return;
  LLVMValueRef v = LLVMGetOperand(inst, 0);
  if (!flow_carries(LLVMTypeOf(v)))
    return;
  Node **n = flow_value(g, v);
  for (int i = 0; i < flow_leaves(LLVMTypeOf(v)); i++) {
    while (g->results.n <= i)
      vec_push(g->a, &g->results, NULL);
    if (!n[i])
      continue;
    if (!g->results.v[i]) {
      Node *r = node_new(g);
      r->sink = r->result = r->unlimited = true;
      g->results.v[i] = r;
    }
    graph_copy(g, n[i], g->results.v[i], 0, inst);
  }
}

static void flow_alloca(Graph *g, LLVMValueRef inst) {
  Obj *o = ptrmap_get(g->memobjs, inst);
  if (!o) {
    int64_t size = (int64_t)LLVMABISizeOfType(g->e->td, LLVMGetAllocatedType(inst));
    LLVMValueRef count = LLVMGetOperand(inst, 0);
    size = LLVMIsAConstantInt(count) ? size * (int64_t)LLVMConstIntGetZExtValue(count) : -1;
    o = obj_new(g, OBJ_LOCAL, inst, size);
    ptrmap_set(g->memobjs, inst, o);
  }
  node_add(g, flow_pointer(g, inst), place_of(g, o, 0), (Via){0});
}

bool flow_inst_carries(LLVMValueRef inst) {
  if (flow_carries(LLVMTypeOf(inst)))
    return true;
  for (int i = 0; i < LLVMGetNumOperands(inst); i++) {
    LLVMValueRef op = LLVMGetOperand(inst, (unsigned)i);
    if (!flow_is_data(op))
      continue;
    if (flow_carries(LLVMTypeOf(op)))
      return true;
  }
  return false;
}

static void flow_inst(Graph *g, LLVMValueRef inst) {
  switch (LLVMGetInstructionOpcode(inst)) {
  case LLVMAlloca: flow_alloca(g, inst); break;
  case LLVMLoad: flow_load(g, inst); break;
  case LLVMStore: store_value(g, LLVMGetOperand(inst, 1), LLVMGetOperand(inst, 0), inst); break;
  case LLVMGetElementPtr:
    if (LLVMGetTypeKind(LLVMTypeOf(inst)) != LLVMPointerTypeKind)
      unknown_inst(g, inst);
    else
      graph_copy(g, flow_pointer(g, LLVMGetOperand(inst, 0)), flow_pointer(g, inst),
                 gep_offset(g, inst), inst);
    break;
  case LLVMPHI: flow_phi(g, inst); break;
  case LLVMSelect:
    if (flow_carries(LLVMTypeOf(inst))) {
      copy_all(g, LLVMGetOperand(inst, 1), inst, inst);
      copy_all(g, LLVMGetOperand(inst, 2), inst, inst);
    }
    break;
  case LLVMFreeze:
  case LLVMBitCast:
    if (flow_carries(LLVMTypeOf(inst)) && flow_carries(LLVMTypeOf(LLVMGetOperand(inst, 0))))
      copy_all(g, LLVMGetOperand(inst, 0), inst, inst);
    else if (flow_inst_carries(inst))
      unknown_inst(g, inst);
    break;
  case LLVMIntToPtr:
    graph_copy(g, int_node(g, LLVMGetOperand(inst, 0)), flow_pointer(g, inst), 0, inst);
    break;
  case LLVMPtrToInt: break; // int_node asks for it; an integer alone is no flow
  case LLVMExtractValue: flow_extract(g, inst); break;
  case LLVMInsertValue: flow_insert(g, inst); break;
  case LLVMCall: call_flow(g, inst); break;
  case LLVMRet: flow_ret(g, inst); break;
  case LLVMAtomicRMW:
  case LLVMAtomicCmpXchg: flow_atomic(g, inst); break;
  case LLVMICmp: break;
  case LLVMExtractElement:
  case LLVMInsertElement:
  case LLVMShuffleVector:
    if (!flow_carries(LLVMTypeOf(inst)))
      break;
    for (int i = 0; i < LLVMGetNumOperands(inst); i++)
      if (flow_carries(LLVMTypeOf(LLVMGetOperand(inst, (unsigned)i))))
        copy_all(g, LLVMGetOperand(inst, (unsigned)i), inst, inst);
    break;
  default:
    if (flow_inst_carries(inst))
      unknown_inst(g, inst);
    break;
  }
}

static int64_t site_limit(const Site *s) {
  return s->kind == SITE_VAR ? LIMIT_VAR : LIMIT_IMPLICIT;
}

// The object of a site; what can never be in the frame is on the heap from the start.
static void flow_site(Graph *g, LLVMValueRef inst) {
  Site *s = NEW(g->a, Site);
  if (!esc_site(g->e, inst, s))
    return;
  s->obj = obj_new(g, OBJ_SITE, inst, s->size);
  s->obj->site = s;
  ptrmap_set(g->memobjs, inst, s->obj);
  vec_push(g->a, &g->sites, s);
  if (s->size > site_limit(s)) {
    s->reason = REASON_SIZE;
    obj_escape(g, s->obj);
  } else if (s->call && s->size < 0) {
    s->reason = REASON_DYNAMIC;
    s->escapes = s->kind == SITE_SLICE;
    if (s->escapes)
      obj_escape(g, s->obj);
    else
      obj_heapmem(g, s->obj);
  }
}

// Every pointer that an instruction yields has a node, and that node something that fills it: or an
// instruction was forgotten.
static void check_visited(Graph *g, LLVMValueRef inst) {
  if (!flow_carries(LLVMTypeOf(inst)))
    return;
  if (ptrmap_get(g->values, inst))
    return;
  char *text = LLVMPrintValueToString(inst);
  ice(NOPOS, "escape: not analysed:%s", text);
}

void flow_func(Graph *g) {
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(g->f->v); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
      flow_site(g, i);
      flow_inst(g, i);
    }
  for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(g->f->v); b; b = LLVMGetNextBasicBlock(b))
    for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
      check_visited(g, i);
}
