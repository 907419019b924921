// A cache that forgets what was least recently used, on container/list, and a heap of tasks on container/heap.
package main

import (
	"container/heap"
	"container/list"
	"fmt"
)

type entry struct {
	key   string
	value int
}

type LRU struct {
	cap   int
	order *list.List
	items map[string]*list.Element
}

func (c *LRU) Get(key string) (int, bool) {
	if e, ok := c.items[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*entry).value, true
	}
	return 0, false
}

func (c *LRU) Put(key string, value int) {
	if e, ok := c.items[key]; ok {
		e.Value.(*entry).value = value
		c.order.MoveToFront(e)
		return
	}
	c.items[key] = c.order.PushFront(&entry{key, value})
	if c.order.Len() > c.cap {
		last := c.order.Back()
		delete(c.items, c.order.Remove(last).(*entry).key)
	}
}

type task struct {
	prio int
	name string
}
type tasks []task

func (t tasks) Len() int           { return len(t) }
func (t tasks) Less(i, j int) bool { return t[i].prio > t[j].prio }
func (t tasks) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *tasks) Push(x any)        { *t = append(*t, x.(task)) }
func (t *tasks) Pop() any {
	old := *t
	x := old[len(old)-1]
	*t = old[:len(old)-1]
	return x
}

func main() {
	c := &LRU{3, list.New(), map[string]*list.Element{}}
	for i, k := range []string{"a", "b", "c", "a", "d", "e", "a"} {
		if v, ok := c.Get(k); ok {
			fmt.Println("hit", k, v)
		} else {
			c.Put(k, i)
		}
	}
	for e := c.order.Front(); e != nil; e = e.Next() {
		fmt.Print(*e.Value.(*entry), " ")
	}
	fmt.Println()

	t := &tasks{{2, "wash"}, {9, "sleep"}, {5, "eat"}}
	heap.Init(t)
	heap.Push(t, task{7, "code"})
	for t.Len() > 0 {
		fmt.Print(heap.Pop(t).(task).name, " ")
	}
	fmt.Println()
}
