#include "edge/image/shelf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/files/beneath.h"
#include "edge/image/copy_root.h"
#include "edge/image/limits.h"
#include "edge/image/tree_writer.h"
#include "edge/image/unpack_root.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

std::unexpected<Error> shelf_failed(const std::string& what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? Kind::busy : Kind::internal, full ? "ServerBusy" : "InternalError",
              fmt::format("{} failed on the service's disk: {}.", what, std::strerror(error)));
}

Result<Opened> open_directory(const std::string& path) {
  Opened directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.good()) return shelf_failed("Opening " + path, errno);
  return directory;
}

Result<> make_shelf_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return Done();
  return fail(Kind::internal, "DataDirectoryUnusable",
              fmt::format("cannot make {}: {}", path, std::strerror(errno)));
}

std::string text_of_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct BindingFile {
  std::vector<ImageBinding> bindings;
};
BOOST_DESCRIBE_STRUCT(BindingFile, (), (bindings))

// What an image cannot hold, in words.
std::string left_out(std::int64_t devices) {
  return devices == 0 ? std::string() : fmt::format("{} devices", devices);
}

SystemFacts system_below(const std::string& root) {
  const Result<Opened> directory = open_directory(root);
  if (!directory) return {};
  for (const char* name : {"etc/os-release", "usr/lib/os-release"}) {
    const Opened file = open_in_root(directory->number(), name, O_RDONLY);
    if (!file.good()) continue;
    std::string text(64U << 10, '\0');
    const ssize_t count = ::read(file.number(), text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return system_of(text);
  }
  return {};
}

}  // namespace

ImageShelf::ImageShelf(ImageShelfOptions options) : options_(std::move(options)) {}

ImageShelf::~ImageShelf() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  more_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::unique_ptr<ImageShelf>> ImageShelf::open(ImageShelfOptions options) {
  std::unique_ptr<ImageShelf> shelf(new ImageShelf(std::move(options)));
  TRY(shelf->load());
  shelf->thread_ = std::thread([shelf = shelf.get()] { shelf->loop(); });
  shelf->post([shelf = shelf.get()] { shelf->sweep(); });
  return shelf;
}

Result<> ImageShelf::load() {
  for (const char* below : {"", "records", "layers", "making"})
    TRY(make_shelf_directory(path(below)));
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(path("making"), ignored))
    fs::remove_all(entry.path(), ignored);
  for (const fs::directory_entry& entry : fs::directory_iterator(path("records"), ignored)) {
    if (entry.path().extension() != ".json") continue;
    ImageRecord record = TRY(from_json<ImageRecord>(text_of_file(entry.path())));
    images_.push_back(std::move(record));
  }
  std::ranges::sort(images_, {}, &ImageRecord::name);
  if (const std::string text = text_of_file(path("bindings.json")); !text.empty()) {
    BindingFile kept = TRY(from_json<BindingFile>(text));
    bindings_ = std::move(kept.bindings);
  }
  return Done();
}

void ImageShelf::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    more_.wait(lock, [this] { return stopping_ || !work_.empty(); });
    if (stopping_) return;
    Work work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

void ImageShelf::post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  more_.notify_all();
}

std::vector<ImageRecord> ImageShelf::images() const {
  const std::lock_guard lock(mutex_);
  return images_;
}

std::vector<ImageBinding> ImageShelf::bindings() const {
  const std::lock_guard lock(mutex_);
  return bindings_;
}

// ---- new images
// -----------------------------------------------------------------------------------------------------

Result<> ImageShelf::claim(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const bool taken = std::ranges::any_of(
      images_, [&](const ImageRecord& image) { return same_folded(image.name, name); });
  if (taken || claimed_.contains(fold(name)))
    return refusal("ImageExists",
                   fmt::format("There is an image of the name {} already. Remove it first, or give "
                               "this one another name or version: pools keep what they boot.",
                               name));
  if (images_.size() + claimed_.size() >= images_max)
    return fail(Kind::busy, "ServerBusy",
                fmt::format("There are {} images, which is the most. "
                            "Remove some.",
                            images_max));
  claimed_.insert(fold(name));
  return Done();
}

void ImageShelf::make(const service::ImageWish& wish, OnImage done,
                      const std::function<Result<ImageRecord>(const std::string& making)>& fill) {
  const std::string making = path("making/" + random_guid());
  Result<ImageRecord> made = [&]() -> Result<ImageRecord> {
    TRY(make_shelf_directory(making));
    ImageRecord record = TRY(fill(making));
    return keep(std::move(record), wish, making);
  }();
  {
    const std::lock_guard lock(mutex_);
    claimed_.erase(fold(wish.name));
    if (made) {
      images_.push_back(*made);
      std::ranges::sort(images_, {}, &ImageRecord::name);
    }
  }
  std::error_code ignored;
  fs::remove_all(making, ignored);
  done(std::move(made));
}

void ImageShelf::import(service::ImageWish wish, std::string upload, OnImage done) {
  if (const Result<> free = claim(wish.name); !free) return done(std::unexpected(free.error()));
  post(
      [this, wish = std::move(wish), upload = std::move(upload), done = std::move(done)]() mutable {
        make(wish, std::move(done),
             [this, &upload](const std::string& making) { return unpack(upload, making); });
      });
}

void ImageShelf::capture(service::ImageWish wish, PoolId pool, NodeId node,
                         service::CaptureExtent extent, OnImage done) {
  if (const Result<> free = claim(wish.name); !free) return done(std::unexpected(free.error()));
  post([this, wish = std::move(wish), pool = std::move(pool), node = std::move(node), extent,
        done = std::move(done)]() mutable {
    make(wish, std::move(done), [this, &pool, &node, extent](const std::string& making) {
      return copy(pool, node, extent, making);
    });
  });
}

Result<ImageRecord> ImageShelf::unpack(const std::string& upload, const std::string& making) const {
  const std::string archive = making + ".tar";
  struct Remove {
    const std::string& path;
    ~Remove() { unlink(path.c_str()); }
  } const left_over{archive};
  TRY(options_.take_upload(upload, archive));
  const Opened file(::open(archive.c_str(), O_RDONLY | O_CLOEXEC));
  const Opened directory = TRY(open_directory(making));
  const RootFacts facts = TRY(unpack_root(file.number(), directory.number()));
  ImageRecord record;
  record.size = facts.size;
  record.digest = facts.digest;
  record.left_out = left_out(facts.left_out);
  return record;
}

Result<ImageRecord> ImageShelf::copy(const PoolId& pool, const NodeId& node,
                                     service::CaptureExtent extent,
                                     const std::string& making) const {
  const NodeDisk disk = TRY(options_.disk_of(pool, node));
  const bool whole = extent == service::CaptureExtent::whole;
  if (!whole && disk.layers.empty())
    return refusal("OperationNotValidOnNode",
                   "The node runs on the machine's own files, so there is no telling what of them "
                   "is its own. Bind its image to host-copy and make the pool anew (batchyard "
                   "image bind PUBLISHER/OFFER/SKU --to host-copy), or capture all of it "
                   "(--whole).");
  if (!whole && disk.layers.size() >= image_layers_max)
    return refusal("OperationNotValidOnNode",
                   fmt::format("The node's image has {} layers, which is the most. Capture all of "
                               "it (--whole).",
                               disk.layers.size()));
  const Opened from = TRY(open_directory(whole ? disk.root : disk.upper));
  const Opened to = TRY(open_directory(making));
  const RootFacts facts =
      TRY(copy_root(from.number(), to.number(), whole ? CopyExtent::whole : CopyExtent::difference,
                    {options_.data_directory}));
  ImageRecord record;
  record.size = facts.size;
  record.digest = facts.digest;
  record.left_out = left_out(facts.left_out);
  if (whole) return record;
  for (const std::string& layer : disk.layers) {
    if (layer == "/")
      record.on_machine = true;
    else
      record.layers.push_back(fs::path(layer).filename());
  }
  return record;
}

// First the files are on the disk for good, then the record that says so.
Result<ImageRecord> ImageShelf::keep(ImageRecord record, const service::ImageWish& wish,
                                     const std::string& making) {
  record.name = wish.name;
  record.id = wish.id;
  record.source = wish.source;
  record.made = options_.now();
  SystemFacts system = system_below(making);
  // A layer without one has that of what lies below.
  for (std::size_t at = 0; system.name.empty() && at < record.layers.size(); ++at)
    system = system_below(path("layers/" + record.layers[at]));
  if (system.name.empty() && record.on_machine) system = system_below("/");
  record.system = system.name;
  record.agent = wish.agent.empty() ? system.agent : wish.agent;
  const std::string layer = random_guid();
  const Opened directory = TRY(open_directory(making));
  if (fchmod(directory.number(), 0755) != 0 || syncfs(directory.number()) != 0)
    return shelf_failed("Keeping an image", errno);
  if (rename(making.c_str(), path("layers/" + layer).c_str()) != 0)
    return shelf_failed("Keeping an image", errno);
  const Opened layers = TRY(open_directory(path("layers")));
  if (fsync(layers.number()) != 0) return shelf_failed("Keeping an image", errno);
  record.layers.insert(record.layers.begin(), layer);
  TRY(keep_text(path("records/" + fold(record.name) + ".json"), to_json(record)));
  return record;
}

Result<> ImageShelf::keep_text(const std::string& path, const std::string& text) const {
  const std::string beside = path + ".new";
  const Opened file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.good()) return shelf_failed("Writing " + path, errno);
  if (const int error = write_all_to(file.number(), text.data(), text.size()); error != 0)
    return shelf_failed("Writing " + path, error);
  if (fsync(file.number()) != 0 || rename(beside.c_str(), path.c_str()) != 0)
    return shelf_failed("Writing " + path, errno);
  const Opened directory = TRY(open_directory(fs::path(path).parent_path()));
  if (fsync(directory.number()) != 0) return shelf_failed("Writing " + path, errno);
  return Done();
}

// ---- old ones
// -------------------------------------------------------------------------------------------------------

Result<> ImageShelf::remove(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(
        images_, [&](const ImageRecord& image) { return same_folded(image.name, name); });
    if (found == images_.end())
      return refusal("ImageNotFound", fmt::format("The specified image does not exist: {}.", name));
    if (unlink(path("records/" + fold(name) + ".json").c_str()) != 0 && errno != ENOENT)
      return shelf_failed("Removing an image", errno);
    images_.erase(found);
  }
  post([this] { sweep(); });
  return Done();
}

// Layers that neither an image nor a node needs any more. On the shelf's own thread, so no image is
// being made meanwhile.
void ImageShelf::sweep() {
  std::set<std::string> wanted = options_.booted();
  for (const ImageRecord& image : images()) {
    for (const std::string& layer : image.layers) wanted.insert(path("layers/" + layer));
  }
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(path("layers"), ignored)) {
    if (!wanted.contains(entry.path().string())) fs::remove_all(entry.path(), ignored);
  }
}

// ---- what is booted
// -------------------------------------------------------------------------------------------------

Result<> ImageShelf::bind(ImageBinding binding) {
  const std::lock_guard lock(mutex_);
  std::vector<ImageBinding> bindings = bindings_;
  std::erase_if(bindings, [&](const ImageBinding& one) {
    return same_folded(one.reference, binding.reference);
  });
  if (!binding.to.empty()) bindings.push_back(std::move(binding));
  std::ranges::sort(bindings, {}, &ImageBinding::reference);
  TRY(keep_text(path("bindings.json"), to_json(BindingFile{bindings})));
  bindings_ = std::move(bindings);
  return Done();
}

Result<std::vector<std::string>> ImageShelf::layers_of(const ImageRecord& image) const {
  std::vector<std::string> layers;
  for (const std::string& layer : image.layers) layers.push_back(path("layers/" + layer));
  if (image.on_machine) layers.emplace_back("/");
  return layers;
}

Result<std::vector<std::string>> ImageShelf::boot(const std::string& reference) const {
  const std::lock_guard lock(mutex_);
  const bool own = !reference.empty() && is_own_image(reference);
  const std::string to = own ? reference : binding_of(bindings_, reference);
  if (!own && to == boots_host) return std::vector<std::string>();
  if (!own && to == boots_host_copy) return std::vector<std::string>{"/"};
  if (const ImageRecord* image = find_image(images_, to)) return layers_of(*image);
  return fail(Kind::invalid, "AllocationFailed",
              fmt::format("There is no image {}{}. Import one (batchyard image import NAME --from "
                          "DIRECTORY or ARCHIVE), or capture it of a node; batchyard image list "
                          "shows those that are there.",
                          to, own ? "" : ", which " + reference + " is bound to"));
}

}  // namespace batchyard::edge
