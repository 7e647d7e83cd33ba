package tega

import "sync"

// queue holds what waits for one reader: bounded by bytes, though one item always fits.
type queue[T any] struct {
	most int
	wake chan struct{} // something was put; has room for one
	room chan struct{} // something was taken; has room for one

	mu    sync.Mutex
	items []T
	sizes []int
	bytes int
}

func newQueue[T any](most int) *queue[T] {
	return &queue[T]{most: most, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// put adds an item; false when it does not fit.
func (q *queue[T]) put(item T, size int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) > 0 && q.bytes+size > q.most {
		return false
	}
	q.items = append(q.items, item)
	q.sizes = append(q.sizes, size)
	q.bytes += size
	ring(q.wake)
	return true
}

func (q *queue[T]) take() (item T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return item, false
	}
	item = q.items[0]
	var zero T
	q.items[0] = zero
	q.bytes -= q.sizes[0]
	q.items, q.sizes = q.items[1:], q.sizes[1:]
	ring(q.room)
	return item, true
}

// isHalfEmpty tells whether there is room again.
func (q *queue[T]) isHalfEmpty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes <= q.most/2
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
