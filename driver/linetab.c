// linetab.c: the table of functions, lines and inlined calls that the runtime reads at a traceback.
//
// After lld has linked, the DWARF of the executable is read with libdw, written anew in the compact
// form of runtime/linetab.h, and stripped. A function's rows are cut at two kinds of places: where
// the line table has an entry, and where the range of an inlined call begins or ends. Inlined calls
// nest, so walking them outermost first and painting their ranges leaves the innermost on each
// piece: the same answer as asking dwarf_getscopes for every address, at a fraction of its time.
// Linking with --gc-sections leaves line entries and functions at tombstone addresses (0, -1):
// whatever is not in an executable section is left out.
#include "runtime/linetab.h"
#include "driver.h"
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// One entry of a unit's line table; file is an offset in the string section.
typedef struct SrcRow {
  uint64_t pc;
  uint32_t line, file;
  bool end; // nothing is known from here on
} SrcRow;

// An inlined call of the function at hand, and where its code lies.
typedef struct Inlined {
  LineNode node;
  uint32_t used; // its number in the table, 0: no row needs it
} Inlined;
typedef struct Range {
  uint64_t lo, hi;
  uint32_t node;
} Range;

typedef struct Tab {
  Arena *a;
  VEC(LineFunc) funcs;
  VEC(LineNode) nodes;
  Buf rows, strs;
  Map *strmap;     // text to offset + 1
  PtrMap *ptrs;    // address of a text to offset + 1: texts of DWARF are shared
  PtrMap *origins; // address of an abstract DIE to the offset of its name + 1
  uint64_t lo, hi; // executable sections
  // Of the unit at hand:
  VEC(SrcRow) src;
  Dwarf_Files *files;
  // Of the function at hand:
  VEC(Inlined) inl;
  VEC(Range) ranges;
  VEC(uint64_t) edges;  // sorted: where ranges begin and end
  VEC(uint32_t) pieces; // node of [edges[i], edges[i+1])
} Tab;

// ---- strings

static uint32_t str_add(Tab *t, const char *s) {
  if (!s || !*s)
    return 0;
  uintptr_t off = (uintptr_t)ptrmap_get(t->ptrs, s);
  if (off)
    return (uint32_t)(off - 1);
  off = (uintptr_t)map_get(t->strmap, s);
  if (!off) {
    off = t->strs.len + 1;
    buf_write(&t->strs, s, strlen(s) + 1);
    map_set(t->strmap, s, (void *)off);
  }
  ptrmap_set(t->ptrs, s, (void *)off);
  return (uint32_t)(off - 1);
}

static uint32_t name_of(Tab *t, Dwarf_Die *die) {
  Dwarf_Attribute at;
  Dwarf_Die origin;
  if (!dwarf_attr(die, DW_AT_abstract_origin, &at) || !dwarf_formref_die(&at, &origin))
    return str_add(t, dwarf_diename(die));
  uintptr_t off = (uintptr_t)ptrmap_get(t->origins, origin.addr);
  if (!off) {
    off = (uintptr_t)str_add(t, dwarf_diename(&origin)) + 1;
    ptrmap_set(t->origins, origin.addr, (void *)off);
  }
  return (uint32_t)(off - 1);
}

static uint32_t udata(Dwarf_Die *die, unsigned name) {
  Dwarf_Attribute at;
  Dwarf_Word w;
  return dwarf_attr(die, name, &at) && !dwarf_formudata(&at, &w) ? (uint32_t)w : 0;
}

static uint32_t decl_line(Dwarf_Die *die) {
  int line;
  return dwarf_decl_line(die, &line) ? 0 : (uint32_t)line;
}

// ---- the unit's line table

static void read_lines(Tab *t, Dwarf_Die *cu) {
  Dwarf_Lines *lines;
  size_t n;
  t->src.n = 0;
  if (dwarf_getsrclines(cu, &lines, &n))
    return;
  const char *last = NULL;
  uint32_t file = 0;
  for (size_t i = 0; i < n; i++) {
    Dwarf_Line *l = dwarf_onesrcline(lines, i);
    Dwarf_Addr pc;
    int line;
    bool end;
    if (dwarf_lineaddr(l, &pc) || pc < t->lo || pc > t->hi || dwarf_lineno(l, &line) ||
        dwarf_lineendsequence(l, &end))
      continue;
    const char *name = dwarf_linesrc(l, NULL, NULL);
    if (name != last)
      file = str_add(t, last = name);
    vec_push(t->a, &t->src, ((SrcRow){pc, (uint32_t)line, file, end}));
  }
}

// The first entry at or behind pc; entries are sorted by address.
static int src_find(const Tab *t, uint64_t pc) {
  int lo = 0, hi = t->src.n;
  while (lo < hi) {
    int mid = (lo + hi) / 2;
    if (t->src.v[mid].pc < pc)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo;
}

// ---- inlined calls

static void add_ranges(Tab *t, Dwarf_Die *die, uint32_t node) {
  Dwarf_Addr base, lo, hi;
  for (ptrdiff_t off = 0; (off = dwarf_ranges(die, off, &base, &lo, &hi)) > 0;)
    if (lo < hi)
      vec_push(t->a, &t->ranges, ((Range){lo, hi, node}));
}

// Collects the calls inlined into die, outermost first; parent is the node around them.
static void collect(Tab *t, Dwarf_Die *die, uint32_t parent) {
  Dwarf_Die child;
  if (dwarf_child(die, &child))
    return;
  do {
    int tag = dwarf_tag(&child);
    if (tag == DW_TAG_inlined_subroutine) {
      const char *file =
          t->files ? dwarf_filesrc(t->files, udata(&child, DW_AT_call_file), NULL, NULL) : NULL;
      LineNode node = {parent, name_of(t, &child), decl_line(&child), str_add(t, file),
                       udata(&child, DW_AT_call_line)};
      vec_push(t->a, &t->inl, ((Inlined){node, 0}));
      uint32_t number = (uint32_t)t->inl.n;
      add_ranges(t, &child, number);
      collect(t, &child, number);
    } else if (tag == DW_TAG_lexical_block) {
      collect(t, &child, parent);
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

static int cmp_u64(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static int edge_find(const Tab *t, uint64_t pc) {
  int lo = 0, hi = t->edges.n;
  while (lo < hi) {
    int mid = (lo + hi) / 2;
    if (t->edges.v[mid] < pc)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo;
}

// Cuts the function at the ends of all ranges and gives each piece its innermost node.
static void paint(Tab *t) {
  t->edges.n = t->pieces.n = 0;
  for (int i = 0; i < t->ranges.n; i++) {
    vec_push(t->a, &t->edges, t->ranges.v[i].lo);
    vec_push(t->a, &t->edges, t->ranges.v[i].hi);
  }
  if (t->edges.n)
    qsort(t->edges.v, (size_t)t->edges.n, sizeof *t->edges.v, cmp_u64);
  int n = 0;
  for (int i = 0; i < t->edges.n; i++)
    if (n == 0 || t->edges.v[n - 1] != t->edges.v[i])
      t->edges.v[n++] = t->edges.v[i];
  t->edges.n = n;
  for (int i = 0; i < n; i++)
    vec_push(t->a, &t->pieces, 0u);
  for (int i = 0; i < t->ranges.n; i++)
    for (int j = edge_find(t, t->ranges.v[i].lo); j < n && t->edges.v[j] < t->ranges.v[i].hi; j++)
      t->pieces.v[j] = t->ranges.v[i].node;
}

// ---- rows

static void put_uvarint(Buf *b, uint32_t v) {
  for (; v >= 0x80; v >>= 7)
    buf_putc(b, (char)(v | 0x80));
  buf_putc(b, (char)v);
}

static void put_svarint(Buf *b, uint32_t from, uint32_t to) {
  int32_t d = (int32_t)(to - from);
  put_uvarint(b, (uint32_t)d << 1 ^ (uint32_t)(d >> 31));
}

// The table's number of an inlined call; its callers get theirs first.
static uint32_t use_node(Tab *t, LineFunc *f, uint32_t node) {
  if (!node)
    return 0;
  Inlined *in = &t->inl.v[node - 1];
  if (!in->used) {
    LineNode out = in->node;
    out.parent = use_node(t, f, out.parent);
    vec_push(t->a, &t->nodes, out);
    in->used = ++f->ninl;
  }
  return in->used;
}

// The state while a function's rows are written: the row before, and the piece and entry that hold
// at pc.
typedef struct Cursor {
  uint64_t pc;
  uint32_t line, file, node;
} Cursor;

static void put_row(Tab *t, LineFunc *f, Cursor *prev, uint64_t pc, uint32_t line, uint32_t file,
                    uint32_t node) {
  if (line == prev->line && file == prev->file && node == prev->node)
    return;
  put_uvarint(&t->rows, (uint32_t)(pc - prev->pc));
  put_svarint(&t->rows, prev->line, line);
  put_uvarint(&t->rows, node << 1 | (file != prev->file));
  if (file != prev->file)
    put_uvarint(&t->rows, file);
  f->nrows++;
  *prev = (Cursor){pc, line, file, node};
}

// Code of no line (0) belongs to the line before it in the same body, or else to the beginning of
// the body.
static uint32_t known_line(Tab *t, const LineFunc *f, const Cursor *prev, uint32_t node,
                           uint32_t line) {
  if (line)
    return line;
  if (node == prev->node)
    return prev->line;
  return node ? t->nodes.v[f->inl + node - 1].line : f->line;
}

// Merges line entries (from index s) and pieces of inlined calls into the function's rows.
static void put_rows(Tab *t, LineFunc *f, int s) {
  Cursor prev = {f->lo, f->line, f->file, 0};
  int e = 0;
  uint32_t line = f->line, file = f->file, piece = 0;
  uint64_t pc = f->lo;
  while (pc < f->hi) {
    for (; s < t->src.n && t->src.v[s].pc <= pc; s++)
      if (!t->src.v[s].end)
        line = t->src.v[s].line, file = t->src.v[s].file;
    for (; e < t->edges.n && t->edges.v[e] <= pc; e++)
      piece = t->pieces.v[e];
    uint32_t node = use_node(t, f, piece);
    put_row(t, f, &prev, pc, known_line(t, f, &prev, node, line), file, node);
    uint64_t next = s < t->src.n ? t->src.v[s].pc : f->hi;
    pc = e < t->edges.n && t->edges.v[e] < next ? t->edges.v[e] : next;
  }
}

// ---- functions

static void add_function(Tab *t, Dwarf_Die *die, uint64_t lo, uint64_t hi) {
  int s = src_find(t, lo);
  if (s > 0 && (s == t->src.n || t->src.v[s].pc > lo))
    s--;
  LineFunc f = {
      .lo = (uint32_t)lo, .hi = (uint32_t)hi, .name = name_of(t, die), .line = decl_line(die)};
  if (s < t->src.n && t->src.v[s].pc <= lo)
    f.file = t->src.v[s].file;
  const char *file = f.line ? dwarf_decl_file(die) : NULL;
  if (file)
    f.file = str_add(t, file);
  for (int i = s; !f.line && i < t->src.n && t->src.v[i].pc < hi; i++)
    f.line = t->src.v[i].line;
  f.row = (uint32_t)t->rows.len;
  f.inl = (uint32_t)t->nodes.n;
  put_rows(t, &f, s);
  vec_push(t->a, &t->funcs, f);
}

static void function(Tab *t, Dwarf_Die *die) {
  Dwarf_Addr base, lo, hi;
  bool collected = false;
  for (ptrdiff_t off = 0; (off = dwarf_ranges(die, off, &base, &lo, &hi)) > 0;) {
    if (lo < t->lo || hi > t->hi || lo >= hi)
      continue;
    if (!collected) {
      t->inl.n = t->ranges.n = 0;
      collect(t, die, 0);
      paint(t);
      collected = true;
    }
    for (int i = 0; i < t->inl.n; i++)
      t->inl.v[i].used = 0;
    add_function(t, die, lo, hi);
  }
}

static void functions(Tab *t, Dwarf_Die *die) {
  Dwarf_Die child;
  if (dwarf_child(die, &child))
    return;
  do {
    int tag = dwarf_tag(&child);
    if (tag == DW_TAG_subprogram)
      function(t, &child);
    else if (tag == DW_TAG_namespace)
      functions(t, &child);
  } while (dwarf_siblingof(&child, &child) == 0);
}

static void read_units(Tab *t, Dwarf *dw) {
  Dwarf_Off off = 0, next;
  size_t header;
  for (; dwarf_nextcu(dw, off, &next, &header, NULL, NULL, NULL) == 0; off = next) {
    Dwarf_Die cu;
    if (!dwarf_offdie(dw, off + header, &cu))
      continue;
    read_lines(t, &cu);
    if (dwarf_getsrcfiles(&cu, &t->files, NULL))
      t->files = NULL;
    functions(t, &cu);
  }
}

// ---- the table as bytes

static int cmp_func(const void *a, const void *b) {
  uint32_t x = ((const LineFunc *)a)->lo, y = ((const LineFunc *)b)->lo;
  return (x > y) - (x < y);
}

// Functions sorted by address; of two at one address (identical code folded) the first stays.
static void sort_functions(Tab *t) {
  if (t->funcs.n == 0)
    return;
  qsort(t->funcs.v, (size_t)t->funcs.n, sizeof *t->funcs.v, cmp_func);
  int n = 1;
  for (int i = 1; i < t->funcs.n; i++)
    if (t->funcs.v[i].lo >= t->funcs.v[n - 1].hi)
      t->funcs.v[n++] = t->funcs.v[i];
  t->funcs.n = n;
}

static void pad4(Buf *b) {
  while (b->len % 4)
    buf_putc(b, 0);
}

// Appends LineTab, sections and trailer to out, whose first byte is the file's byte `base`.
static void encode(Tab *t, Buf *out, uint64_t base) {
  sort_functions(t);
  while ((base + out->len) % 8)
    buf_putc(out, 0);
  pad4(&t->rows);
  pad4(&t->strs);
  size_t nf = (size_t)t->funcs.n * sizeof(LineFunc), nn = (size_t)t->nodes.n * sizeof(LineNode);
  LineTab head = {
      .magic = LINETAB_MAGIC, .nfuncs = (uint32_t)t->funcs.n, .nnodes = (uint32_t)t->nodes.n};
  head.funcs = sizeof head;
  head.nodes = head.funcs + (uint32_t)nf;
  head.rows = head.nodes + (uint32_t)nn;
  head.rowsize = (uint32_t)t->rows.len;
  head.strs = head.rows + head.rowsize;
  head.strsize = (uint32_t)t->strs.len;
  LineTabTrailer tail = {base + out->len, head.strs + head.strsize, LINETAB_MAGIC};
  buf_write(out, &head, sizeof head);
  buf_write(out, t->funcs.v, nf);
  buf_write(out, t->nodes.v, nn);
  buf_write(out, buf_str(&t->rows), t->rows.len);
  buf_write(out, buf_str(&t->strs), t->strs.len);
  buf_write(out, &tail, sizeof tail);
}

// ---- the executable without its DWARF

// Only what stands behind the loaded part of the file is written anew, into a buffer whose first
// byte is the file's byte `keep`.
typedef struct Strip {
  Elf64_Ehdr ehdr;
  uint64_t keep; // bytes of the file that stay as they are, but for the header
  Buf tail;
} Strip;

static bool droppable(Elf *elf, size_t strndx, const GElf_Shdr *sh) {
  const char *name = elf_strptr(elf, strndx, sh->sh_name);
  return name && !(sh->sh_flags & SHF_ALLOC) &&
         (!strncmp(name, ".debug_", 7) || !strncmp(name, ".zdebug_", 8));
}

// Symbols name sections by number: renumber, and make those of dropped sections absolute.
static void renumber_symbols(char *p, size_t n, const uint32_t *number) {
  for (size_t i = 0; i + sizeof(Elf64_Sym) <= n; i += sizeof(Elf64_Sym)) {
    Elf64_Sym *sym = (Elf64_Sym *)(p + i);
    if (sym->st_shndx != SHN_UNDEF && sym->st_shndx < SHN_LORESERVE)
      sym->st_shndx = number[sym->st_shndx] ? (Elf64_Half)number[sym->st_shndx] : SHN_ABS;
  }
}

static bool copy_section(Strip *s, Elf_Scn *scn, Elf64_Shdr *sh, const uint32_t *number) {
  if (!(sh->sh_flags & SHF_ALLOC) && sh->sh_type != SHT_NOBITS && sh->sh_type != SHT_NULL) {
    Elf_Data *d = elf_rawdata(scn, NULL);
    if (!d)
      return false;
    while (sh->sh_addralign > 1 && (s->keep + s->tail.len) % sh->sh_addralign)
      buf_putc(&s->tail, 0);
    sh->sh_offset = s->keep + s->tail.len;
    size_t at = s->tail.len;
    buf_write(&s->tail, d->d_buf, d->d_size);
    if (sh->sh_type == SHT_SYMTAB)
      renumber_symbols(s->tail.data + at, d->d_size, number);
  }
  sh->sh_link = number[sh->sh_link];
  if (sh->sh_flags & SHF_INFO_LINK)
    sh->sh_info = number[sh->sh_info];
  return true;
}

// Lays out the tail of the file: sections that are kept, then the section headers.
static bool strip(Arena *a, Elf *elf, Strip *s) {
  size_t n, strndx;
  Elf64_Ehdr *eh = elf64_getehdr(elf);
  if (!eh || elf_getshdrnum(elf, &n) || elf_getshdrstrndx(elf, &strndx) || n >= SHN_LORESERVE)
    return false;
  s->ehdr = *eh;
  s->keep = eh->e_phoff + (uint64_t)eh->e_phnum * eh->e_phentsize;
  Elf64_Shdr *out = arena_alloc(a, n * sizeof *out);
  uint32_t *number = arena_alloc(a, n * sizeof *number); // by old number; 0: dropped
  uint32_t count = 0;
  for (size_t i = 0; i < n; i++) {
    GElf_Shdr sh;
    if (!gelf_getshdr(elf_getscn(elf, i), &sh))
      return false;
    if (i && droppable(elf, strndx, &sh))
      continue;
    number[i] = count;
    out[count++] = sh;
    if ((sh.sh_flags & SHF_ALLOC) && sh.sh_type != SHT_NOBITS &&
        sh.sh_offset + sh.sh_size > s->keep)
      s->keep = sh.sh_offset + sh.sh_size;
  }
  for (size_t i = 1; i < n; i++)
    if (number[i] && !copy_section(s, elf_getscn(elf, i), &out[number[i]], number))
      return false;
  while ((s->keep + s->tail.len) % 8)
    buf_putc(&s->tail, 0);
  s->ehdr.e_shoff = s->keep + s->tail.len;
  s->ehdr.e_shnum = (Elf64_Half)count;
  s->ehdr.e_shstrndx = (Elf64_Half)number[strndx];
  buf_write(&s->tail, out, count * sizeof *out);
  return true;
}

static void text_bounds(Tab *t, Elf *elf) {
  t->lo = UINT64_MAX;
  for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
    GElf_Shdr sh;
    if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_EXECINSTR))
      continue;
    t->lo = sh.sh_addr < t->lo ? sh.sh_addr : t->lo;
    t->hi = sh.sh_addr + sh.sh_size > t->hi ? sh.sh_addr + sh.sh_size : t->hi;
  }
  if (t->hi > UINT32_MAX)
    t->hi = UINT32_MAX; // the small code model ends below
}

static bool write_all(int fd, const void *data, size_t n, uint64_t at) {
  const char *p = data;
  while (n > 0) {
    ssize_t k = pwrite(fd, p, n, (off_t)at);
    if (k < 0 && errno == EINTR)
      continue;
    if (k <= 0)
      return false;
    p += k, n -= (size_t)k, at += (uint64_t)k;
  }
  return true;
}

// Reads the DWARF (none is no error) and lays out what the file ends with.
static const char *prepare(Tab *t, Strip *s, int fd) {
  if (elf_version(EV_CURRENT) == EV_NONE)
    return "libelf is too old";
  Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
  if (!elf || elf_kind(elf) != ELF_K_ELF || gelf_getclass(elf) != ELFCLASS64) {
    elf_end(elf);
    return "not a 64-bit ELF file";
  }
  text_bounds(t, elf);
  Dwarf *dw = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
  if (dw)
    read_units(t, dw);
  bool ok = strip(t->a, elf, s);
  dwarf_end(dw);
  elf_end(elf);
  if (!ok)
    return "damaged section headers";
  encode(t, &s->tail, s->keep);
  return NULL;
}

bool linetab_append(const char *exe, char **message) {
  int fd = open(exe, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    *message = strerror(errno);
    return false;
  }
  Tab t = {.a = arena_new()};
  t.strmap = map_new(t.a);
  t.ptrs = ptrmap_new(t.a);
  t.origins = ptrmap_new(t.a);
  buf_putc(&t.strs, 0);
  Strip s = {0};
  const char *err = prepare(&t, &s, fd);
  if (!err &&
      (!write_all(fd, s.tail.data, s.tail.len, s.keep) ||
       ftruncate(fd, (off_t)(s.keep + s.tail.len)) || !write_all(fd, &s.ehdr, sizeof s.ehdr, 0)))
    err = strerror(errno);
  if (close(fd) && !err)
    err = strerror(errno);
  buf_free(&t.rows);
  buf_free(&t.strs);
  buf_free(&s.tail);
  arena_free(t.a);
  *message = err ? (char *)err : NULL;
  return !err;
}
