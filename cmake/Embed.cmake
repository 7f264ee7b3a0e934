# embed(TARGET FILE SYMBOL): the lines of a text file as `std::span<const std::string_view> SYMBOL()` of namespace batchyard,
# compiled into a library. Line by line, for string literals have a limit.
function(embed target file symbol)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  string(REGEX REPLACE "\n$" "" text "${text}")
  string(REPLACE "\n" ")~\",\n    R\"~(" text "${text}")
  set(made "${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp")
  file(CONFIGURE OUTPUT "${made}" CONTENT
"#include <span>
#include <string_view>

namespace batchyard {

namespace {

constexpr std::string_view lines[] = {
    R\"~(${text})~\"};

}  // namespace

std::span<const std::string_view> ${symbol}();
std::span<const std::string_view> ${symbol}() { return lines; }

}  // namespace batchyard
" @ONLY)
  target_sources(${target} PRIVATE "${made}")
  set_source_files_properties("${made}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
