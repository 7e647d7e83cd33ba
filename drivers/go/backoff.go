package tega

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff gives growing pauses with full jitter, so that clients that lost the same server do not come back at once.
type backoff struct {
	first, most time.Duration
	tries       int
}

func (b *backoff) next() time.Duration {
	bound := b.most
	if b.tries < 30 && b.first<<b.tries < b.most {
		bound = b.first << b.tries
	}
	b.tries++
	return bound/10 + rand.N(bound-bound/10+1)
}

func (b *backoff) reset() { b.tries = 0 }

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
