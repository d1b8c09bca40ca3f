// Calls getppid through templates, a virtual function and inlined code.
#include <sys/syscall.h>
#include <unistd.h>

namespace shapes {
struct shape {
	virtual ~shape() = default;
	virtual long area(int scale) const = 0;
};
template <typename T> struct square : shape {
	T side;
	explicit square(T s) : side(s) {}
	__attribute__((noinline)) long area(int scale) const override { return syscall(SYS_getppid) + (long)side * scale; }
};
} // namespace shapes

template <typename F> static inline __attribute__((always_inline)) long twice(F f)
{
	return f(1) + 1;
}

__attribute__((noinline)) static long measure(const shapes::shape &s)
{
	return twice([&](int k) { return s.area(k) + 1; }) + 1;
}

int main()
{
	shapes::square<double> s(2);
	return measure(s) == 0;
}
