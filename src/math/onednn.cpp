// SPDX-License-Identifier: MIT
//
// All calls of oneDNN are here; no other file includes dnnl.h. Its library is loaded when it is
// first asked for, because it takes more address space than all the rest of the program, which
// most runs do without.
#include "math/onednn.h"

#include <cstdlib>
#include <string_view>

#include "nabla/base/error.h"

#ifdef NABLA_HAS_ONEDNN

#include <array>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <cstddef>
#include <dlfcn.h>
#include <dnnl.h>
#include <map>
#include <memory>
#include <new>
#include <type_traits>

#include "nabla/base/matrix.h"

#include "math/elementwise.h"

#endif

namespace nabla::onednn {

#ifdef NABLA_HAS_ONEDNN

namespace {

/// The functions of the library that are called.
struct Library {
  decltype(&dnnl_version) version;
  decltype(&dnnl_get_effective_cpu_isa) effective_isa;
  decltype(&dnnl_engine_create) create_engine;
  decltype(&dnnl_stream_create) create_stream;
  decltype(&dnnl_stream_destroy) destroy_stream;
  decltype(&dnnl_memory_desc_init_by_strides) init_memory;
  decltype(&dnnl_memory_desc_get_size) size_of;
  decltype(&dnnl_memory_create) create_memory;
  decltype(&dnnl_memory_destroy) destroy_memory;
  decltype(&dnnl_memory_set_data_handle) set_data;
  decltype(&dnnl_matmul_desc_init) init_product;
  decltype(&dnnl_post_ops_create) create_post_ops;
  decltype(&dnnl_post_ops_destroy) destroy_post_ops;
  decltype(&dnnl_post_ops_append_sum) append_sum;
  decltype(&dnnl_primitive_attr_create) create_attributes;
  decltype(&dnnl_primitive_attr_destroy) destroy_attributes;
  decltype(&dnnl_primitive_attr_set_scratchpad_mode) set_scratchpad_mode;
  decltype(&dnnl_primitive_attr_set_output_scales) set_output_scales;
  decltype(&dnnl_primitive_attr_set_post_ops) set_post_ops;
  decltype(&dnnl_primitive_desc_create) create_description;
  decltype(&dnnl_primitive_desc_destroy) destroy_description;
  decltype(&dnnl_primitive_desc_query_md) query_memory;
  decltype(&dnnl_primitive_create) create_primitive;
  decltype(&dnnl_primitive_destroy) destroy_primitive;
  decltype(&dnnl_primitive_execute) execute;
  // OpenMP's, on which the library is built.
  int (*threads)();
  void (*set_threads)(int);
};

/// Loads the library; null if one of the header's major version, built on OpenMP, is not there.
const Library* load() {
  const std::string file = "libdnnl.so." + std::to_string(DNNL_VERSION_MAJOR);
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return nullptr;
  static Library library;
  bool has_all = true;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(handle, name));
    has_all = has_all && function != nullptr;
  };
  find(library.version, "dnnl_version");
  find(library.effective_isa, "dnnl_get_effective_cpu_isa");
  find(library.create_engine, "dnnl_engine_create");
  find(library.create_stream, "dnnl_stream_create");
  find(library.destroy_stream, "dnnl_stream_destroy");
  find(library.init_memory, "dnnl_memory_desc_init_by_strides");
  find(library.size_of, "dnnl_memory_desc_get_size");
  find(library.create_memory, "dnnl_memory_create");
  find(library.destroy_memory, "dnnl_memory_destroy");
  find(library.set_data, "dnnl_memory_set_data_handle");
  find(library.init_product, "dnnl_matmul_desc_init");
  find(library.create_post_ops, "dnnl_post_ops_create");
  find(library.destroy_post_ops, "dnnl_post_ops_destroy");
  find(library.append_sum, "dnnl_post_ops_append_sum");
  find(library.create_attributes, "dnnl_primitive_attr_create");
  find(library.destroy_attributes, "dnnl_primitive_attr_destroy");
  find(library.set_scratchpad_mode, "dnnl_primitive_attr_set_scratchpad_mode");
  find(library.set_output_scales, "dnnl_primitive_attr_set_output_scales");
  find(library.set_post_ops, "dnnl_primitive_attr_set_post_ops");
  find(library.create_description, "dnnl_primitive_desc_create");
  find(library.destroy_description, "dnnl_primitive_desc_destroy");
  find(library.query_memory, "dnnl_primitive_desc_query_md");
  find(library.create_primitive, "dnnl_primitive_create");
  find(library.destroy_primitive, "dnnl_primitive_destroy");
  find(library.execute, "dnnl_primitive_execute");
  find(library.threads, "omp_get_max_threads");
  find(library.set_threads, "omp_set_num_threads");
  return has_all ? &library : nullptr;
}

const Library* find_library() {
  static const Library* const library = load();
  return library;
}

const Library& library() { return *find_library(); }

void require(dnnl_status_t status) {
  if (status == dnnl_out_of_memory) throw std::bad_alloc();
  if (status != dnnl_success)
    throw Error("oneDNN: a product of bfloat16 failed with status " + std::to_string(status));
}

/// An object that oneDNN makes and takes back.
template <class Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, dnnl_status_t (*)(Handle)>;

/// Returns what create(&handle) makes.
template <class Handle, class Create>
Owned<Handle> make(dnnl_status_t (*destroy)(Handle), Create create) {
  Handle handle = nullptr;
  require(create(&handle));
  return {handle, destroy};
}

dnnl_engine_t engine() {
  static const dnnl_engine_t engine = [] {
    dnnl_engine_t made = nullptr;
    require(library().create_engine(&made, dnnl_cpu, 0));
    return made;
  }();
  return engine;
}

/// Has OpenMP use one thread for what this thread does, and what the caller wants afterwards.
class OneThread {
 public:
  OneThread() : before_(library().threads()) { library().set_threads(1); }
  ~OneThread() { library().set_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

/// A shape of products, with all that oneDNN keeps of it.
class Product {
 public:
  explicit Product(const kernels::Bfloat16Product& p) {
    const Library& dnnl = library();
    const auto describe = [&](dnnl_data_type_t type, const dnnl_dims_t& dims,
                              const dnnl_dims_t& strides, int dimensions = 2) {
      dnnl_memory_desc_t result;
      require(dnnl.init_memory(&result, dimensions, dims, type, strides));
      return result;
    };
    const dnnl_dim_t m = to_dim(p.m), n = to_dim(p.n), k = to_dim(p.k);
    const auto a = describe(dnnl_bf16, {m, k}, {to_dim(p.a_row), to_dim(p.a_k)});
    const auto b = describe(dnnl_bf16, {k, n}, {to_dim(p.b_k), to_dim(p.b_column)});
    const auto c = describe(dnnl_f32, {m, n}, {to_dim(p.c_stride), 1});
    const auto scale = describe(dnnl_f32, {1}, {1}, 1);

    const auto attributes = make<dnnl_primitive_attr_t>(
        dnnl.destroy_attributes, [&](auto* made) { return dnnl.create_attributes(made); });
    require(dnnl.set_scratchpad_mode(attributes.get(), dnnl_scratchpad_mode_user));
    const float at_run_time = DNNL_RUNTIME_F32_VAL;
    require(dnnl.set_output_scales(attributes.get(), 1, 0, &at_run_time));
    if (p.beta != 0) {
      const auto sum = make<dnnl_post_ops_t>(
          dnnl.destroy_post_ops, [&](auto* made) { return dnnl.create_post_ops(made); });
      require(dnnl.append_sum(sum.get(), 1.0F));
      require(dnnl.set_post_ops(attributes.get(), sum.get()));
    }

    dnnl_matmul_desc_t product;
    require(dnnl.init_product(&product, &a, &b, nullptr, &c));
    const auto description = make<dnnl_primitive_desc_t>(dnnl.destroy_description, [&](auto* made) {
      return dnnl.create_description(made, &product, attributes.get(), engine(), nullptr);
    });
    primitive_ = make<dnnl_primitive_t>(dnnl.destroy_primitive, [&](auto* made) {
      return dnnl.create_primitive(made, description.get());
    });
    const dnnl_memory_desc_t& scratch =
        *dnnl.query_memory(description.get(), dnnl_query_scratchpad_md, 0);
    scratch_storage_ = AlignedArray<std::byte>(dnnl.size_of(&scratch));
    const auto memory = [&](const dnnl_memory_desc_t& md, void* data) {
      return make<dnnl_memory_t>(dnnl.destroy_memory, [&](auto* made) {
        return dnnl.create_memory(made, &md, engine(), data);
      });
    };
    a_ = memory(a, DNNL_MEMORY_NONE);
    b_ = memory(b, DNNL_MEMORY_NONE);
    c_ = memory(c, DNNL_MEMORY_NONE);
    scale_ = memory(scale, DNNL_MEMORY_NONE);
    scratch_ = memory(scratch, scratch_storage_.data());
  }

  void run(const kernels::Bfloat16Product& p, dnnl_stream_t stream) {
    const Library& dnnl = library();
    float alpha = p.alpha;
    const auto set = [&](const Memory& memory, const void* data) {
      require(dnnl.set_data(memory.get(), const_cast<void*>(data)));
    };
    set(a_, p.a);
    set(b_, p.b);
    set(c_, p.c);
    set(scale_, &alpha);
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, a_.get()},
                                         {DNNL_ARG_WEIGHTS, b_.get()},
                                         {DNNL_ARG_DST, c_.get()},
                                         {DNNL_ARG_SCRATCHPAD, scratch_.get()},
                                         {DNNL_ARG_ATTR_OUTPUT_SCALES, scale_.get()}};
    require(dnnl.execute(primitive_.get(), stream, std::size(arguments), arguments));
  }

 private:
  using Memory = Owned<dnnl_memory_t>;

  static dnnl_dim_t to_dim(std::size_t n) { return static_cast<dnnl_dim_t>(n); }

  Owned<dnnl_primitive_t> primitive_{nullptr, nullptr};
  AlignedArray<std::byte> scratch_storage_;
  Memory a_{nullptr, nullptr}, b_{nullptr, nullptr}, c_{nullptr, nullptr};
  Memory scale_{nullptr, nullptr}, scratch_{nullptr, nullptr};
};

/// All that decides how a product is made.
using Shape = std::array<std::size_t, 9>;

/// The products of one thread.
class Products {
 public:
  Products() {
    stream_ = make<dnnl_stream_t>(library().destroy_stream, [](auto* made) {
      return library().create_stream(made, engine(), dnnl_stream_default_flags);
    });
  }

  void run(const kernels::Bfloat16Product& p) {
    const Shape shape = {p.m, p.n, p.k, p.a_row, p.a_k, p.b_k, p.b_column, p.c_stride, p.beta != 0};
    auto found = products_.find(shape);
    if (found == products_.end()) {
      if (products_.size() == kMost) products_.clear();
      found = products_.try_emplace(shape, p).first;
    }
    found->second.run(p, stream_.get());
  }

 private:
  /// So many shapes are kept: more than one training has, but not those of all of a sweep's.
  static constexpr std::size_t kMost = 256;

  Owned<dnnl_stream_t> stream_{nullptr, nullptr};
  std::map<Shape, Product> products_;
};

}  // namespace

bool is_there() {
  return find_library() != nullptr &&
         (library().effective_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
}

std::string name() {
  const dnnl_version_t& version = *library().version();
  const dnnl_cpu_isa_t isa = library().effective_isa();
  const bool has_bf16 = (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
  const bool has_amx = (isa & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
  return "oneDNN " + std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.patch) + " (" +
         (has_amx    ? "AMX"
          : has_bf16 ? "AVX512-BF16"
                     : "emulated") +
         ")";
}

void multiply(const kernels::Bfloat16Product& p) {
  const OneThread one_thread;
  thread_local Products products;
  // The library adds the old C as it is.
  if (p.beta != 0 && p.beta != 1)
    for (std::size_t r = 0; r < p.m; ++r) {
      const std::span<float> row(p.c + r * p.c_stride, p.n);
      elementwise::axpby<float>(p.beta, row, 0, row);
    }
  products.run(p);
}

namespace {

/// Whether the CPU has AMX for bfloat16, which is asked before the library is loaded.
bool cpu_has_amx() {
#if defined(__x86_64__)
  constexpr unsigned kAmxBf16 = 1U << 22, kAmxTile = 1U << 24;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kAmxBf16) != 0 && (d & kAmxTile) != 0;
#else
  return false;
#endif
}

/// The library may not use what the CPU has: ONEDNN_MAX_CPU_ISA bounds it.
bool has_amx() {
  if (!cpu_has_amx() || !is_there()) return false;
  return (library().effective_isa() & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
}

}  // namespace

#else

bool is_there() { return false; }
std::string name() { return "oneDNN"; }
void multiply(const kernels::Bfloat16Product&) {}

namespace {

bool has_amx() { return false; }

}  // namespace

#endif

namespace {

bool is_wanted() {
  const char* const wanted = std::getenv(kProductsVariable);
  if (wanted == nullptr || *wanted == '\0') return has_amx();
  if (wanted == std::string_view("nabla")) return false;
  if (wanted == std::string_view("onednn") && is_there()) return true;
  throw ConfigError(std::string(kProductsVariable) + ": '" + wanted + "', expected nabla" +
                    (is_there() ? " or onednn" : "; this build or machine has no oneDNN"));
}

}  // namespace

bool is_used() {
  static const bool used = is_wanted();
  return used;
}

}  // namespace nabla::onednn
