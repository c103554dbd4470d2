// One evaluation for `oam cue`: CUE files and data made one, and values taken out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cue.hpp"
#include "cue_report.hpp"

namespace oam::cli {

class CueSession {
 public:
  CueSession(const CueOptions& options, CueTags& tags);

  // Each: false once something is wrong, told on standard error.
  bool load(const CueInstance& instance);                       // CUE files
  bool read(const std::vector<CueData>& data);                  // data, not yet part of anything
  bool place();                                                 // puts the data where --path and --list say

  std::size_t documents() const { return documents_.size(); }

  // Begins to evaluate: the CUE files with all data, or, from `document` on, that one
  // alone, against the schema of -d if there is one.
  bool start_merged();
  bool start_document(std::size_t document);

  // The values to be shown: of the expressions, or the whole.
  struct Shown {
    std::string expression;
    cue::Vertex* value;
  };
  bool values(std::vector<Shown>& all);
  bool place_value(cue::Vertex*& value);     // puts it where --path says

  bool check(cue::Vertex* v, cue::Strictness how, bool tell = true);   // false: has errors
  void tell(const cue::Bottom& error);
  const std::string& package() const { return loader_.program().package; }
  cue::Evaluator& evaluator() { return *evaluator_; }
  cue::Vertex* root() { return value_ ? value_ : evaluator_->root(); }

 private:
  struct Document {
    cue::ast::Expr* value;
    std::string file;
    std::size_t index, count;   // in its file
  };
  bool is_data(const CueData& data, std::span<cue::ast::Expr* const> values);   // false: told why not
  std::vector<const cue::ir::Struct*> compile_files(const std::vector<const cue::ast::File*>& files);
  bool tell_loading();
  bool limits_hold();
  const cue::ir::Expr* compile(const std::string& text, std::string name);
  void file_labels(std::vector<cue::Label>& scope) const;
  cue::Vertex* evaluate(const std::string& text, std::string name);
  struct Label {
    std::string text;
    bool identifier;      // else quoted
    friend bool operator==(const Label&, const Label&) = default;
  };
  bool place_file(std::span<const Document> documents, std::vector<Document>& placed);
  bool labels_of(const Document& d, std::vector<Label>& labels);
  bool labels_here(std::vector<Label>& labels);
  bool add_label(const std::string& text, std::vector<Label>& labels);
  cue::ast::Field* field(const Label& label, cue::ast::Expr* value);
  bool path_labels(const std::string& flag, std::vector<std::string>& texts, std::vector<bool>& fixed);
  cue::ast::Expr* context(const Document& d);
  void begin();
  std::vector<const cue::ir::Struct*> compile_data(std::span<const Document> documents);
  cue::Vertex* data_value(std::span<const cue::ir::Struct* const> documents);
  const cue::ir::Expr* both(const cue::ir::Expr& x, const cue::ir::Expr& y);

  const CueOptions& options_;
  CueTags& tags_;
  cue::Loader loader_;
  std::vector<Document> documents_;
  std::unique_ptr<cue::Evaluator> evaluator_;
  cue::Vertex* value_ = nullptr;       // instead of the root
};

}  // namespace oam::cli
