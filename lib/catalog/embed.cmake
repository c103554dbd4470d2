# Writes FILES as a table of texts that FUNCTION gives: cmake -DOUTPUT=… -DFUNCTION=… -DFILES=… -P embed.cmake
set(texts "")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  get_filename_component(name "${file}" NAME)
  string(APPEND texts "constexpr char kText${number}[] = R\"oam(${text})oam\";\n")
  string(APPEND table "    {\"${name}\", {kText${number}, sizeof kText${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"catalog/standard.hpp\"\n\nnamespace oam::detail {\nnamespace {\n${texts}
constexpr StandardFile kFiles[] = {\n${table}};
}  // namespace\n
std::span<const StandardFile> ${FUNCTION}() { return kFiles; }\n
}  // namespace oam::detail\n")
