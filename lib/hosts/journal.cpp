// One line a record, in the order of their numbers. A checkpoint is a line as well,
// with the number of the record that it follows; what stands before the newest one is
// not read again. So nothing is ever moved or rewritten, but for the torn end of a line.
#include <oam/hosts/journal.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <oam/record.hpp>

namespace oam::hosts {

namespace {

constexpr std::size_t kFirstCheckpoint = 1u << 20;   // bytes of records before one is worth it
constexpr std::string_view kCheckpoint = ",\"kind\":\"checkpoint\",\"payload\":";

// What the lines of a file say: the newest checkpoint, and the records after it.
struct Lines {
  std::string checkpoint;
  std::vector<std::string> records;
  std::uint64_t newest = 0;     // the number of the last of them, or of the one that the checkpoint follows
  std::size_t first = 1;        // the line of the first of these records
  std::size_t whole = 0;        // bytes up to the end of the last line that is no torn one
  std::size_t after = 0;        // bytes of records after the checkpoint
};

// The line at `end` going back; `end` becomes its beginning.
std::string_view line_before(std::string_view text, std::size_t& end) {
  const std::size_t stop = end;
  const auto newline = stop < 2 ? text.npos : text.rfind('\n', stop - 2);
  end = newline == text.npos ? 0 : newline + 1;
  return text.substr(end, stop - end);
}

// {"seq":7,"time":0,"kind":"checkpoint","payload":{…},"crc32c":1}
bool is_checkpoint(std::string_view line) { return line.substr(0, 96).find(kCheckpoint) != line.npos; }

std::string payload_of(std::string_view line) {
  const auto begin = line.find(kCheckpoint) + kCheckpoint.size();
  return std::string(line.substr(begin, line.rfind(",\"crc32c\":") - begin));
}

// Bytes up to the end of the last line but one that was being written: what of it reached the file may be followed by
// nothing, by blanks, or by the zeros of a file system that had made room for more.
std::size_t without_torn_end(std::string_view text) {
  constexpr std::string_view kNothing("\0 \t\r\n", 5);
  const auto written = text.find_last_not_of(kNothing);
  if (written == text.npos) return 0;
  const auto newline = text.find('\n', written);
  std::size_t end = newline == text.npos ? text.size() : newline + 1;
  const std::size_t whole = end;
  const std::string_view line = line_before(text, end);
  Record record;
  return read_record(line, record) == LineState::torn ? end : whole;
}

// From the end back to a whole checkpoint, or to the beginning.
Lines read_lines(std::string_view text) {
  Lines lines;
  std::size_t end = lines.whole = without_torn_end(text);
  while (end > 0) {
    const std::string_view line = line_before(text, end);
    Record record;
    const LineState state = read_record(line, record);
    if (lines.newest == 0 && state == LineState::whole) lines.newest = record.seq;
    if (is_checkpoint(line) && state == LineState::whole) {
      lines.checkpoint = payload_of(line);
      lines.first += static_cast<std::size_t>(std::ranges::count(text.substr(0, end + line.size()), '\n'));
      break;
    }
    lines.after += line.size();
    lines.records.emplace_back(line);
  }
  std::ranges::reverse(lines.records);
  return lines;
}

Diagnostic problem(std::string_view code, const std::string& path, std::string message, std::string hint = "") {
  Diagnostic d;
  d.code = code;
  d.where.file = path;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return d;
}

// Its line in the file; 0: there is none.
std::size_t first_damaged(const Lines& lines) {
  Record record;
  const auto damaged = std::ranges::find_if(lines.records, [&](const std::string& line) { return read_record(line, record) != LineState::whole; });
  return damaged == lines.records.end() ? 0 : lines.first + static_cast<std::size_t>(damaged - lines.records.begin());
}

bool read_all(int file, std::string& text) {
  char buffer[65'536];
  for (;;) {
    const ssize_t n = ::read(file, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// A new file is there after a crash only if its folder knows it.
void sync_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  const int folder = ::open(slash == path.npos ? "." : path.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  fsync(folder);
  close(folder);
}

}  // namespace

struct Journal::Data {
  std::string path;
  int file = -1;
  Lines lines;
  std::size_t since = 0, checkpoint = 0;   // bytes after the newest checkpoint, and its own
  bool torn = false, cut = false;          // behind the last whole line stands what is to be cut off; that has no newline
  std::string trouble;

  ~Data() {
    if (file >= 0) close(file);
  }
  bool write(std::string_view text) {
    if (!mend()) return false;
    if (write_all(file, text) && fdatasync(file) == 0) return true;
    return fail();
  }
  // Before anything is written behind it.
  bool mend() {
    if (!trouble.empty()) return false;
    if (std::exchange(torn, false) && ftruncate(file, static_cast<off_t>(lines.whole)) != 0) return fail();
    return !std::exchange(cut, false) || write_all(file, "\n") || fail();
  }
  bool fail() {
    trouble = "\"" + path + "\" cannot be written: " + std::strerror(errno);
    return false;
  }
};

Journal::Journal(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

std::optional<Journal> Journal::open(const std::string& path, Diagnostics& problems) {
  auto data = std::make_unique<Data>();
  data->path = path;
  const auto failed = [&] {
    problems.add(problem("file-unreadable", path, "the journal \"" + path + "\" cannot be opened: " + std::strerror(errno)));
    return std::nullopt;
  };
  data->file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (data->file < 0) return failed();
  if (flock(data->file, LOCK_EX | LOCK_NB) != 0) {
    problems.add(problem("journal-locked", path, "another program is writing to the journal \"" + path + "\""));
    return std::nullopt;
  }
  struct stat what;
  if (fstat(data->file, &what) != 0) return failed();
  if (!S_ISREG(what.st_mode)) {
    problems.add(problem("file-unreadable", path, "the journal \"" + path + "\" is no file", "what is kept in a pipe or a device cannot be read again"));
    return std::nullopt;
  }
  std::string text;
  if (!read_all(data->file, text)) return failed();
  constexpr std::string_view kBegin = "{\"seq\":";
  if (!text.empty() && !text.starts_with(kBegin) && !kBegin.starts_with(text)) {
    problems.add(problem("record-malformed", path, "\"" + path + "\" is no journal, so nothing is written to it"));
    return std::nullopt;
  }
  data->lines = read_lines(text);
  data->torn = data->lines.whole < text.size();
  data->cut = data->lines.whole > 0 && text[data->lines.whole - 1] != '\n';
  if (text.empty()) sync_folder(path);
  data->since = data->lines.after;
  data->checkpoint = data->lines.checkpoint.size();
  return Journal(std::move(data));
}

bool Journal::empty() const noexcept { return data_->lines.records.empty() && data_->lines.checkpoint.empty(); }

std::uint64_t Journal::newest() const noexcept { return data_->lines.newest; }

// Behind what cannot be read nothing is written. A torn line that is left at the end stands before another one: nobody was writing it.
std::optional<Run> Journal::run(Plan plan, RunOptions options, Time now, Diagnostics& problems) {
  options.journal = true;
  if (empty()) return Run(std::move(plan), std::move(options));
  const Lines& lines = data_->lines;
  Diagnostics found;
  Record last;
  const bool torn = !lines.records.empty() && read_record(lines.records.back(), last) == LineState::torn;
  auto run = torn ? std::nullopt : Run::restore(std::move(plan), lines.checkpoint, lines.records, now, found, std::move(options));
  if (run) data_->mend();
  else data_->trouble = "\"" + data_->path + "\" holds another run, or is damaged";
  const std::size_t damaged = run ? 0 : first_damaged(lines);
  if (damaged > 0) found = {}, found.add(problem("record-malformed", data_->path, "line " + std::to_string(damaged) + " of the journal is damaged"));
  for (const Diagnostic& each : found.items()) problems.add(each);
  data_->lines.records = {}, data_->lines.checkpoint = {};
  return run;
}

bool Journal::append(std::span<const std::string> records) {
  if (records.empty()) return data_->trouble.empty();
  std::string text;
  for (const std::string& record : records) (text += record) += '\n';
  data_->since += text.size();
  return data_->write(text);
}

// The space that checkpoints take stays below half of the file.
bool Journal::append(std::span<const std::string> records, const Run& run) {
  if (!append(records)) return false;
  if (data_->since < std::max(kFirstCheckpoint, 2 * data_->checkpoint)) return true;
  const std::string saved = run.save();
  data_->since = 0;
  data_->checkpoint = saved.size();
  return data_->write(record_line(run.records(), run.now(), "checkpoint", saved) + '\n');
}

std::string_view Journal::trouble() const noexcept { return data_->trouble; }

}  // namespace oam::hosts
