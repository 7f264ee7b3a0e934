# ccache and mold where present; warnings are errors; sanitizers by BATCHYARD_SANITIZE (see CMakePresets.json).
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-align -Wunused -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
  # TRY is a statement expression on purpose (base/result.h).
  -Wno-missing-field-initializers
  # g++ 12 sees uninitialised values in std::expected's storage where there are none, when it optimises.
  -Wno-maybe-uninitialized
  # Several sources are compiled as one (see CMakePresets.json), where this sees a header in each.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ALLOW_DEPRECATED_HEADERS)

set(BATCHYARD_SANITIZE "" CACHE STRING "empty, address, or thread")
if(BATCHYARD_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(BATCHYARD_SANITIZE STREQUAL "thread")
  # Asio's fences stand beside a mutex; that the sanitizer cannot see them hides nothing.
  add_compile_options(-fsanitize=thread $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  add_link_options(-fsanitize=thread)
endif()
