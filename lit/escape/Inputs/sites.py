"""Checks that the lines of -m are true of the code: sites.py GOC [--keep NAME] [--suite] FILE.go...

--suite: and of the programs of $GOROOT/test that are about -m. --keep: the compiler keeps that variable in the frame,
whatever its line says (the check must see it).

With -m=3 each line carries the number of its site, the one in !goc.alloc. A line may say heap if and only if in -d escape
a call of the runtime with that number makes the object on the heap. A map or a string is on the heap when the call that
makes it has no buffer of the frame. goc escape -json names the same numbers.

Exit status 1 and one line for each contradiction; 2 where there was nothing to check."""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

LINE = re.compile(r'^(\S+:\d+:\d+): (.*) \(site (\d+)\)$')
NODE = re.compile(r'^(!\d+) = !\{!"(\w+)", !"((?:[^"\\]|\\..)*)", [^,]+(?:\{[^}]*\})?.*?, i64 (\d+)[,}]')
USE = re.compile(r'!goc\.(alloc|stack) (!\d+)')
CALL = re.compile(r' call (?:\S+ )*?(?:ptr|\{ ptr, i64 \}) @([^(]+)\((.*?)\)[^()]*!goc\.(?:alloc|stack)')
# Where the buffer is among the operands; all else that is tagged and called is on the heap.
BUFFER = {'runtime.makemap': 2, 'runtime.concatstring2': 0, 'runtime.concatstrings': 0, 'runtime.intstring': 0,
          'runtime.slicebytetostring': 0, 'runtime.stringtoslicebyte': 0, 'runtime.slicerunetostring': 0,
          'runtime.stringtoslicerune': 0}
SILENT = ('buf', 'chan', 'append')  # -m has no line for them, as gc


def split_operands(text):
    out, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in '([{') - (c in ')]}')
        if c == ',' and depth == 0:
            out.append(text[start:i].strip())
            start = i + 1
    return out + [text[start:].strip()]


def on_heap(inst):
    if ' alloca ' in inst:
        return False
    m = CALL.search(inst)
    if not m:
        sys.exit('not understood: ' + inst)
    callee, operands = m[1].strip('"'), split_operands(m[2])
    return callee not in BUFFER or operands[BUFFER[callee]] == 'ptr null'


def has_line(kind, text):
    return kind not in SILENT and text and not (kind == 'closure' and text.endswith(' statement')) and \
        not (kind == 'var' and text.startswith('range '))


def read(output):
    """The lines of -m by site, and what the code does: the sites it has on the heap and in the frame."""
    said, nodes, uses = {}, {}, []
    for line in output.split('\n'):
        if m := LINE.match(line):
            said[int(m[3])] = ('escapes to heap' in m[2] or m[2].startswith('moved to heap'), f'{m[1]}: {m[2]}')
        elif m := NODE.match(line):
            nodes[m[1]] = (m[2], m[3], int(m[4]))
        elif m := USE.search(line):
            uses.append((m[1], m[2], line.strip()))
    heap, stack = {}, {}
    for tag, node, inst in uses:
        kind, text, site = nodes[node]
        if has_line(kind, text):
            (heap if on_heap(inst) else stack)[site] = f'{kind} {text}: {inst}'
            if on_heap(inst) != (tag == 'alloc'):
                sys.exit('tag and code differ: ' + inst)
    return said, heap, stack


def run(goc, args, env):
    return subprocess.run([goc] + args, capture_output=True, text=True, errors='replace', env=env, timeout=900)


def suite(goc):
    root = os.path.join(run(goc, ['env', 'GOROOT'], None).stdout.strip(), 'test')
    for path in sorted(glob.glob(root + '/*.go') + glob.glob(root + '/fixedbugs/*.go')):
        with open(path, encoding='utf-8', errors='replace') as f:
            if re.search(r'^// errorcheck .*-m( |$)', f.read(2000), re.M):
                yield path


def contradictions(goc, path, keep, tmp):
    env = dict(os.environ, GO111MODULE='off')
    with open(path, encoding='utf-8', errors='replace') as f:
        flags = ['-l'] if re.search(r'^// errorcheck\b.* -l\b', f.read(2000), re.M) else []
    flags += ['-d', 'keep=' + keep] if keep else []
    r = run(goc, ['build', '-c', '-m=3', '-d', 'escape', *flags, '-o', tmp + '/x', path], env)
    said, heap, stack = read(r.stderr + r.stdout)
    bad = []
    for site in heap.keys() & stack.keys():
        bad.append(f'site {site} is on the heap and in the frame: {heap[site]}')
    for site, (says_heap, line) in said.items():
        if says_heap != (site in heap):
            bad.append(f'{line}, but the code has {heap.get(site) or stack.get(site) or "neither"} (site {site})')
    for site in heap.keys() - said.keys():
        bad.append(f'no line of -m for site {site}: {heap[site]}')
    r = run(goc, ['escape', '-json', path], env)
    rows = [x for x in json.loads(r.stdout) if 'site' in x] if r.returncode == 0 else []
    for x in rows:
        if (x['site'] in said or x['site'] in heap) and (x['where'] == 'heap') != (x['site'] in heap):
            bad.append(f'goc escape says {x["where"]} of {x["name"]}, site {x["site"]}')
    return [f'{path}: {b}' for b in bad], len(said), len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('goc')
    parser.add_argument('--keep')
    parser.add_argument('--suite', action='store_true')
    parser.add_argument('files', nargs='*')
    opt = parser.parse_intermixed_args()
    files = opt.files + (list(suite(opt.goc)) if opt.suite else [])
    nsaid, nrows, bad = 0, 0, []
    with tempfile.TemporaryDirectory() as tmp:
        for path in files:
            b, n, k = contradictions(opt.goc, path, opt.keep, tmp)
            bad, nsaid, nrows = bad + b, nsaid + n, nrows + k
    print('\n'.join(bad))
    print(f'{len(files)} programs, {nsaid} lines, {nrows} rows, {len(bad)} contradictions')
    sys.exit(1 if bad else 0 if nsaid and nrows else 2)


if __name__ == '__main__':
    main()
