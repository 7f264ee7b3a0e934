// Adds two vectors on a GPU, by CUDA's driver alone: no toolkit is needed to build it. Where the driver or its device is not
// there, as on emulated GPUs, it says so, and the processor adds them.
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

enum { count = 4096, block = 256 };

// c[i] = a[i] + b[i], as the driver compiles it for whatever GPU there is.
static const char program[] =
    ".version 6.0\n.target sm_50\n.address_size 64\n"
    ".visible .entry add(.param .u64 pa, .param .u64 pb, .param .u64 pc) {\n"
    "  .reg .u32 %r<4>; .reg .u64 %d<5>; .reg .f32 %f<3>;\n"
    "  ld.param.u64 %d0, [pa]; ld.param.u64 %d1, [pb]; ld.param.u64 %d2, [pc];\n"
    "  mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x; mad.lo.u32 %r3, %r0, %r1, %r2;\n"
    "  mul.wide.u32 %d3, %r3, 4;\n"
    "  add.u64 %d0, %d0, %d3; add.u64 %d1, %d1, %d3; add.u64 %d2, %d2, %d3;\n"
    "  ld.global.f32 %f0, [%d0]; ld.global.f32 %f1, [%d1]; add.f32 %f2, %f0, %f1; st.global.f32 [%d2], %f2;\n"
    "  ret;\n}\n";

typedef unsigned long long Address;
static int (*init)(unsigned), (*device_get)(int*, int), (*device_name)(char*, int, int), (*context_create)(void**, unsigned, int),
    (*load)(void**, const void*), (*function)(void**, void*, const char*), (*allocate)(Address*, size_t),
    (*to_device)(Address, const void*, size_t), (*to_host)(void*, Address, size_t),
    (*launch)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);

static int has_driver(void) {
  void* const driver = dlopen("libcuda.so.1", RTLD_NOW);
  if (driver == NULL) return 0;
  const struct {
    const char* name;
    void* to;
  } wanted[] = {{"cuInit", &init}, {"cuDeviceGet", &device_get}, {"cuDeviceGetName", &device_name}, {"cuCtxCreate_v2", &context_create},
                {"cuModuleLoadData", &load}, {"cuModuleGetFunction", &function}, {"cuMemAlloc_v2", &allocate},
                {"cuMemcpyHtoD_v2", &to_device}, {"cuMemcpyDtoH_v2", &to_host}, {"cuLaunchKernel", &launch}};
  for (size_t at = 0; at < sizeof wanted / sizeof *wanted; ++at) {
    *(void**)wanted[at].to = dlsym(driver, wanted[at].name);
    if (*(void**)wanted[at].to == NULL) return 0;
  }
  return 1;
}

// 0, or the driver's error at the first step that failed.
static int add_there(const float* a, const float* b, float* c, char* name) {
  int device, error;
  void *context, *module, *add;
  Address there[3];
  if ((error = init(0)) || (error = device_get(&device, 0)) || (error = device_name(name, 100, device)) ||
      (error = context_create(&context, 0, device)) || (error = load(&module, program)) || (error = function(&add, module, "add")))
    return error;
  for (int at = 0; at < 3; ++at) {
    if ((error = allocate(&there[at], count * sizeof(float)))) return error;
  }
  void* arguments[] = {&there[0], &there[1], &there[2]};
  if ((error = to_device(there[0], a, count * sizeof *a)) || (error = to_device(there[1], b, count * sizeof *b)) ||
      (error = launch(add, count / block, 1, 1, block, 1, 1, 0, NULL, arguments, NULL)))
    return error;
  return to_host(c, there[2], count * sizeof *c);
}

int main(void) {
  static float a[count], b[count], c[count];
  char name[100] = "";
  for (int at = 0; at < count; ++at) {
    a[at] = (float)at;
    b[at] = 2 * (float)at;
  }
  const int error = has_driver() ? add_there(a, b, c, name) : -1;
  if (error != 0) {
    printf("no CUDA device here (%d): the processor adds\n", error);
    for (int at = 0; at < count; ++at) c[at] = a[at] + b[at];
  } else {
    printf("added on %s\n", name);
  }
  for (int at = 0; at < count; ++at) {
    if (c[at] != 3 * (float)at) return printf("c[%d] is %g\n", at, c[at]), 1;
  }
  printf("c[1000] = %g\n", c[1000]);
  return 0;
}
