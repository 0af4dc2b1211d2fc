// SPDX-License-Identifier: MIT
#include "data/npz.h"

#include <algorithm>
#include <new>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <zip.h>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "data/csv_cell.h"
#include "data/npy.h"

namespace nabla {

namespace {

constexpr std::string_view kEnding = ".npy";
/// No deflated stream expands more (258 bytes from two bits), and a short one has a few bytes more.
constexpr std::uint64_t kMostExpansion = 1032;

class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }
  std::string text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

using ZipArchive = std::unique_ptr<zip_t, void (*)(zip_t*)>;
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Member = std::unique_ptr<zip_file_t, CloseMember>;

ZipArchive open_archive(std::span<const std::byte> content,
                                                  const std::string& name) {
  ZipError error;
  zip_source_t* const source =
      zip_source_buffer_create(content.data(), content.size(), 0, error.get());
  if (source == nullptr) throw std::bad_alloc();
  ZipArchive archive(zip_open_from_source(source, ZIP_RDONLY, error.get()), zip_discard);
  if (!archive) {
    zip_source_free(source);
    throw DataError(name + ": not a zip archive (" + error.text() +
                    "); expected an NPZ file as numpy.savez writes it");
  }
  return archive;
}

/// Reads as many bytes as there is room for, fewer at the member's end. The archive's checksum is
/// compared at the end.
std::size_t read_some(zip_file_t* member, std::span<std::byte> room, const std::string& name) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const zip_int64_t got = zip_fread(member, room.data() + filled, room.size() - filled);
    if (got == 0) break;
    if (got < 0)
      throw DataError(name + ": byte " + std::to_string(filled) + ": damaged (" +
                      zip_file_strerror(member) + "); expected whole compressed data");
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

/// What the directory says of a member, found to be possible.
struct Sizes {
  zip_uint64_t index = 0;
  std::size_t size = 0;
};

Sizes find_member(zip_t* archive, const std::string& member, const std::string& name) {
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_stat(archive, member.c_str(), ZIP_FL_ENC_RAW, &status) != 0)
    throw DataError(name + ": " + zip_strerror(archive) + "; expected a whole archive");
  if (status.encryption_method != ZIP_EM_NONE)
    throw DataError(name + ": encrypted; expected no encryption");
  const bool is_stored = status.comp_method == ZIP_CM_STORE;
  if (!is_stored && status.comp_method != ZIP_CM_DEFLATE)
    throw DataError(name + ": compressed by method " + std::to_string(status.comp_method) +
                    "; expected stored (0) or deflated (8)");
  const std::uint64_t memory = physical_memory() / 2;
  if (status.size > memory || status.comp_size > memory)
    throw DataError(name + ": the archive says " + std::to_string(status.size) +
                    " bytes; expected at most " + std::to_string(memory));
  const std::uint64_t most = is_stored ? status.comp_size : (status.comp_size + 1) * kMostExpansion;
  if (status.size > most)
    throw DataError(name + ": the archive says " + std::to_string(status.size) + " bytes from " +
                    std::to_string(status.comp_size) + " compressed ones; expected at most " +
                    std::to_string(most));
  return {status.index, static_cast<std::size_t>(status.size)};
}

}  // namespace

struct NpzFile::Archive {
  ZipArchive zip{nullptr, zip_discard};
};

NpzFile::NpzFile(FileBytes file, std::string name)
    : file_(std::move(file)), name_(std::move(name)), archive_(std::make_unique<Archive>()) {
  archive_->zip = open_archive(file_.bytes, name_);
  std::set<std::string> seen;
  const zip_int64_t count = zip_get_num_entries(archive_->zip.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* const raw =
        zip_get_name(archive_->zip.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    std::string_view array = raw == nullptr ? "" : raw;
    if (!array.ends_with(kEnding)) continue;
    array.remove_suffix(kEnding.size());
    if (!seen.emplace(array).second)
      throw DataError(name_ + ": two arrays are called " + quote_cell(array) +
                      "; expected different names");
    names_.emplace_back(array);
  }
}

NpzFile::~NpzFile() = default;

bool NpzFile::has(const std::string& name) const {
  return std::ranges::find(names_, name) != names_.end();
}

NumpyArray NpzFile::read(const std::string& name) const {
  const std::string place = name_ + ": " + name;
  zip_t* const zip = archive_->zip.get();
  const Sizes member = find_member(zip, name + std::string(kEnding), place);
  const Member open(zip_fopen_index(zip, member.index, 0));
  if (!open) throw DataError(place + ": " + zip_strerror(zip) + "; expected a whole archive");

  auto owner = std::make_shared<std::vector<std::byte>>();
  std::vector<std::byte>& content = *owner;
  content.resize(std::min(member.size, kNpyLongestHeader));
  content.resize(read_some(open.get(), content, place));
  const NpyHeader header = parse_npy_header(content, place);
  if (header.size + header.elements != member.size)
    throw DataError(place + ": the archive says " + std::to_string(member.size) +
                    " bytes; expected " + std::to_string(header.size) + " of the header and " +
                    std::to_string(header.elements) + " of elements (" + shape_text(header.shape) +
                    ", " + std::to_string(header.type.size) + " each)");
  const std::size_t start = content.size();
  content.resize(member.size);
  const auto rest = std::span(content).subspan(start);
  content.resize(start + read_some(open.get(), rest, place));
  // The checksum is compared only where reading comes to the end.
  std::byte beyond{};
  if (read_some(open.get(), {&beyond, 1}, place) != 0)
    throw DataError(place + ": byte " + std::to_string(member.size) +
                    ": more data than the archive's directory says; expected its end");
  return parse_npy({content, std::move(owner)}, place);
}

}  // namespace nabla
