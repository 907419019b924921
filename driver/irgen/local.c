// local.c: local variables and allocations.
//
// A variable whose address is not taken is one untagged entry alloca for each scalar, which mem2reg
// turns into SSA; large ones are one untagged entry alloca. A variable that is addressed or
// captured by reference is a tagged alloca where it is declared: goc-escape decides.
#include "driver/irgen/core.h"
#include "driver/irgen/gen.h"
#include <string.h>

enum {
  CAPTURE_LIMIT = 128,     // bytes of a variable that closures copy, as in gc
  LOCAL_LIMIT = 128 << 10, // bytes of a local that never needs a decision
  ZERO_STORES = 8,         // words zeroed by stores; beyond, memset
};

// "s.len.addr" for name s, suffix .len, end .addr
const char *name_suffix(Fn *f, const char *name, const char *suffix, const char *end) {
  return arena_printf(f->arena, "%s%s%s", name, suffix, end);
}

// ---- slots: what was stored or loaded in this block is known

static void remember(Fn *f, VRef slot, VRef v) {
  for (int i = 0; i < f->known.n; i++)
    if (f->known.v[i].slot == slot) {
      f->known.v[i].val = v;
      return;
    }
  if (f->known.n == 16)
    f->known.n = 0;
  vec_push(f->arena, &f->known, ((SlotVal){slot, v}));
}

VRef slot_load(Fn *f, VRef slot) {
  for (int i = 0; i < f->known.n; i++)
    if (f->known.v[i].slot == slot)
      return f->known.v[i].val;
  VRef v = LLVMBuildLoad2(f->b, LLVMGetAllocatedType(slot), slot, "");
  remember(f, slot, v);
  return v;
}

void slot_store(Fn *f, VRef slot, VRef v) {
  LLVMSetVolatile(LLVMBuildStore(f->b, v, slot), f->watched);
  remember(f, slot, v);
}

// x = nil: a program says that it no longer needs what x points to, but the register or spill slot
// of the old value would keep it alive for the conservative collector. This text clears the
// register; driver/drop.c sees to the spill slot at -O0, where all values have one.
void slot_drop(Fn *f, VRef slot) {
  Gen *g = f->g;
  VRef old = slot_load(f, slot);
  if (LLVMIsConstant(old) || LLVMIsAAllocaInst(old))
    return;
  LLVMTypeRef t = LLVMFunctionType(g->ptr, &g->ptr, 1, 0);
  static const char text[] = GOC_DROP_ASM, how[] = "=r,0,~{dirflag},~{fpsr},~{flags}";
  VRef code = LLVMGetInlineAsm(t, text, sizeof text - 1, how, sizeof how - 1, 1, 0,
                               LLVMInlineAsmDialectATT, 0);
  VRef call = LLVMBuildCall2(f->b, t, code, &old, 1, "");
  call_inaccessible(f, call);
}

// What nobody uses any more may still be in a register that calls preserve, which the collector
// looks at. A program that asks for a collection has reason to expect that it is found dead.
void saved_registers_drop(Fn *f) {
  static const char text[] = "xorl %ebx, %ebx; xorl %r12d, %r12d; xorl %r13d, %r13d; "
                             "xorl %r14d, %r14d; xorl %r15d, %r15d",
                    how[] = "~{rbx},~{r12},~{r13},~{r14},~{r15},~{dirflag},~{fpsr},~{flags}";
  LLVMTypeRef t = LLVMFunctionType(f->g->voidt, NULL, 0, 0);
  VRef code = LLVMGetInlineAsm(t, text, sizeof text - 1, how, sizeof how - 1, 1, 0,
                               LLVMInlineAsmDialectATT, 0);
  call_attributes(f, LLVMBuildCall2(f->b, t, code, NULL, 0, ""));
}

// What the runtime was given in a temporary is not needed there any more.
void temp_clear(Fn *f, Type *t, VRef at) {
  const Flat *fl = flat_of(f->g, t);
  for (int i = 0; !fl->mem && i < fl->n; i++)
    if (fl->kind[i] == SC_PTR)
      LLVMSetVolatile(LLVMBuildStore(f->b, const_null(f->g), ptr_add(f, at, fl->off[i])), 1);
}

// ---- allocations

void tag_alloc(Fn *f, VRef inst, const char *kind, const char *text, Type *t) {
  Gen *g = f->g;
  LLVMMetadataRef ops[5] = {LLVMMDStringInContext2(g->ctx, kind, strlen(kind)),
                            LLVMMDStringInContext2(g->ctx, text, strlen(text)),
                            LLVMValueAsMetadata(type_desc(g, t)),
                            LLVMValueAsMetadata(const_i64(g, g->nsites++)),
                            LLVMValueAsMetadata(const_i64(g, type_size(t)))};
  LLVMMetadataRef md = LLVMMDNodeInContext2(g->ctx, ops, LLVMIsAAllocaInst(inst) ? 4 : 5);
  LLVMSetMetadata(inst, g->md_alloc, LLVMMetadataAsValue(g->ctx, md));
}

VRef alloc_object_nozero(Fn *f, Type *t, const char *kind, const char *text, const char *name) {
  VRef a = LLVMBuildAlloca(f->b, lltype_mem(f->g, t), name);
  LLVMSetAlignment(a, (unsigned)type_align(t));
  tag_alloc(f, a, kind, text, t);
  return a;
}

VRef alloc_object(Fn *f, Type *t, const char *kind, const char *text, const char *name) {
  VRef a = alloc_object_nozero(f, t, kind, text, name);
  store_zero(f, a, t);
  return a;
}

void store_zero(Fn *f, VRef p, Type *t) {
  Gen *g = f->g;
  const Flat *fl = flat_of(g, t);
  int64_t align = fl->align;
  if (fl->size == 0)
    return;
  // Padding is zeroed as well, so the scalars alone do only where they leave no gap.
  int64_t covered = 0;
  for (int i = 0; i < fl->n; i++)
    covered += (int64_t)LLVMABISizeOfType(g->td, lltype_scalar_mem(g, fl->kind[i]));
  if (!fl->mem && covered == fl->size) {
    store_value(f, p, value_zero(f, t));
  } else if (align == 8 && fl->size <= 8 * ZERO_STORES) {
    for (int64_t off = 0; off < fl->size; off += 8)
      build_store(f, const_i64(g, 0), ptr_add(f, p, off), 8);
  } else {
    LLVMBuildMemSet(f->b, p, LLVMConstNull(g->i8), const_i64(g, fl->size), (unsigned)align);
  }
}

// ---- variables

bool capture_by_value(Fn *f, Object *var) {
  return !var->var.addrtaken && !var->var.reassigned && !var->var.is_result &&
         type_size(fn_type(f, var->type)) <= CAPTURE_LIMIT;
}

static bool needs_memory(Fn *f, Object *var) {
  return var && (var->var.addrtaken || (var->var.captured && !capture_by_value(f, var)));
}

static const char *var_name(Object *var) {
  return var && var->name ? var->name : "";
}

static Place *place_new(Fn *f, PlaceKind kind, Type *t) {
  Place *p = NEW(f->arena, Place);
  p->kind = kind;
  p->type = t;
  return p;
}

static Place *slots_new(Fn *f, Type *t, const char *name, const char *end) {
  Place *p = place_new(f, PLACE_SLOTS, t);
  const Flat *fl = flat_of(f->g, t);
  for (int i = 0; i < fl->n; i++) {
    LLVMTypeRef ll = lltype_scalar(f->g, fl->kind[i]);
    const char *n = name[0] ? name_suffix(f, name, fl->suffix[i], end) : "";
    p->slot[i] = fn_alloca(f, ll, (int64_t)LLVMABIAlignmentOfType(f->g->td, ll), n);
  }
  return p;
}

// A variable of type t in tagged memory, not yet given a value.
static Place *tagged_new(Fn *f, Object *var, Type *t, const char *end) {
  Place *p = place_new(f, PLACE_MEM, t);
  p->addr = alloc_object_nozero(f, t, "var", var_name(var), name_suffix(f, var_name(var), "", end));
  return p;
}

// Nil and bounds checks are calls, before which LLVM keeps stores; a fault is not. So what a
// deferred function can see of a function with a checkpoint, results and captured variables, is
// stored at once, as gc does (values that are copied as memory excepted).
static bool is_watched(Fn *f, Object *var) {
  bool defers = f->info && f->info->has_defer && !f->info->range;
  return defers && var && var->var.captured && !capture_by_value(f, var);
}

static Place *place_for(Fn *f, Object *var, Type *t, const char *end) {
  if (needs_memory(f, var)) {
    Place *p = tagged_new(f, var, t, end);
    p->watched = is_watched(f, var);
    return p;
  }
  if (!flat_of(f->g, t)->mem)
    return slots_new(f, t, var_name(var), end);
  if (type_size(t) > LOCAL_LIMIT)
    return tagged_new(f, var, t, end);
  Place *p = place_new(f, PLACE_MEM, t);
  p->addr = fn_temp(f, t, var_name(var));
  return p;
}

static void place_zero(Fn *f, Place *p) {
  if (p->kind == PLACE_MEM)
    store_zero(f, p->addr, p->type);
  else
    place_store(f, p, value_zero(f, p->type));
}

// Not zeroed, a tagged variable must get its value right behind this.
Place *local_declare(Fn *f, Object *var, bool zero) {
  Pos pos = f->pos;
  fn_pos(f, var->pos);
  Place *p = place_for(f, var, fn_type(f, var->type), "");
  if (zero)
    place_zero(f, p);
  ptrmap_set(f->locals, var, p);
  fn_pos(f, pos);
  return p;
}

// A loop variable in memory, one for each round: the place says where the address of the current
// one is.
void local_renew(Fn *f, Object *var) {
  Place *p = ptrmap_get(f->locals, var);
  Value v = place_load(f, local_place(f, var));
  Place *fresh = tagged_new(f, var, p->type, "");
  fresh->watched = p->watched;
  place_store(f, fresh, v);
  slot_store(f, p->slot[0], fresh->addr);
}

// Turns a tagged variable into one whose address is in a slot; false if it is kept in slots anyway.
bool local_make_renewable(Fn *f, Object *var) {
  Place *p = ptrmap_get(f->locals, var);
  if (!p || p->kind != PLACE_MEM || !needs_memory(f, var))
    return false;
  Place *q = place_new(f, PLACE_MEM, p->type);
  q->watched = p->watched;
  q->slot[0] = fn_alloca(f, f->g->ptr, 8, name_suffix(f, var->name, "", ".loop"));
  slot_store(f, q->slot[0], p->addr);
  ptrmap_set(f->locals, var, q);
  return true;
}

void local_param(Fn *f, Object *var, Value v) {
  fn_pos(f, var->pos);
  Place *p;
  if (v.mem && !needs_memory(f, var)) {
    p = place_new(f, PLACE_MEM, v.type); // the caller's copy is ours
    p->addr = v.addr;
  } else {
    p = place_for(f, var, v.type, ".addr");
    place_store(f, p, v);
  }
  ptrmap_set(f->locals, var, p);
}

void local_capture(Fn *f, Object *var, Value v) {
  Place *p;
  if (v.mem) {
    p = place_new(f, PLACE_MEM, v.type);
    p->addr = v.addr;
  } else {
    p = slots_new(f, v.type, var_name(var), "");
    place_store(f, p, v);
  }
  ptrmap_set(f->locals, var, p);
}

Place *local_result(Fn *f, Object *var, int i, Type *t) {
  bool named = var->name && var->name[0] && strcmp(var->name, "_") != 0;
  fn_pos(f, var->pos);
  Place *p;
  if (rangefunc_results_by_ref(f)) {
    p = tagged_new(f, var, t, "");
  } else if (named) {
    p = place_for(f, var, t, "");
  } else if (flat_of(f->g, t)->mem) {
    p = place_new(f, PLACE_MEM, t);
    p->addr = fn_temp(f, t, atom_printf("~r%d", i));
  } else {
    p = slots_new(f, t, atom_printf("~r%d", i), "");
  }
  place_zero(f, p);
  return p;
}

Place *local_place(Fn *f, Object *var) {
  Place *p = ptrmap_get(f->locals, var);
  if (!p)
    ice(f->pos, "%s: no place for variable %s", f->symbol, var->name);
  if (p->kind != PLACE_MEM || p->addr)
    return p;
  Place *now = place_new(
      f, PLACE_MEM, p->type); // a loop variable: a new one each round, its address is in a slot
  now->watched = p->watched;
  now->addr = slot_load(f, p->slot[0]);
  vec_push(f->arena, &f->nonnil, now->addr);
  return now;
}
