// A key-value store in memory, generic in keys and values, with a small command language on standard input.
package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var ErrMissing = errors.New("no such key")

type Store[K cmp.Ordered, V any] struct {
	mu   sync.RWMutex
	data map[K]V
	log  []func(*Store[K, V]) // how to undo, newest last
}

func NewStore[K cmp.Ordered, V any]() *Store[K, V] {
	return &Store[K, V]{data: make(map[K]V)}
}

func (s *Store[K, V]) Get(k K) (V, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.data[k]
	if !ok {
		return v, fmt.Errorf("get %v: %w", k, ErrMissing)
	}
	return v, nil
}

func (s *Store[K, V]) Set(k K, v V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.data[k]
	s.log = append(s.log, func(s *Store[K, V]) {
		if ok {
			s.data[k] = old
		} else {
			delete(s.data, k)
		}
	})
	s.data[k] = v
}

func (s *Store[K, V]) Delete(k K) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.data[k]
	if !ok {
		return fmt.Errorf("delete %v: %w", k, ErrMissing)
	}
	s.log = append(s.log, func(s *Store[K, V]) { s.data[k] = old })
	delete(s.data, k)
	return nil
}

func (s *Store[K, V]) Undo() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.log)
	if n == 0 {
		return false
	}
	s.log[n-1](s)
	s.log = s.log[:n-1]
	return true
}

// All yields the pairs in order of their keys.
func (s *Store[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		s.mu.RLock()
		defer s.mu.RUnlock()
		keys := make([]K, 0, len(s.data))
		for k := range s.data {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, s.data[k]) {
				return
			}
		}
	}
}

func Map[K, V, R any](seq iter.Seq2[K, V], f func(K, V) R) (out []R) {
	for k, v := range seq {
		out = append(out, f(k, v))
	}
	return out
}

func main() {
	s := NewStore[string, int]()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		f := strings.Fields(in.Text())
		if len(f) == 0 {
			continue
		}
		var err error
		switch cmd := f[0]; {
		case cmd == "set" && len(f) == 3:
			var n int
			if n, err = strconv.Atoi(f[2]); err == nil {
				s.Set(f[1], n)
			}
		case cmd == "get" && len(f) == 2:
			var n int
			if n, err = s.Get(f[1]); err == nil {
				fmt.Println(n)
			}
		case cmd == "del" && len(f) == 2:
			err = s.Delete(f[1])
		case cmd == "undo":
			fmt.Println("undo:", s.Undo())
		case cmd == "list":
			fmt.Println(strings.Join(Map(s.All(), func(k string, v int) string {
				return fmt.Sprintf("%s=%d", k, v)
			}), " "))
		case cmd == "first":
			for k, v := range s.All() {
				fmt.Println(k, v)
				break
			}
		default:
			err = fmt.Errorf("what is %q?", in.Text())
		}
		if err != nil {
			fmt.Println("error:", err, errors.Is(err, ErrMissing))
		}
	}
}
