// A value of one of many kinds, behind a pointer. In place of std::variant where the kinds are many: libc++
// compiles a union as deep as the list into every file that moves one, 29 MB of object code for ninety kinds.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace dits::web {

template <typename... Kinds>
struct KindList {};

namespace one_of_detail {

template <typename Kind, typename... Kinds>
constexpr std::size_t place_of(KindList<Kinds...>) {
  constexpr bool fits[] = {std::is_same_v<Kind, Kinds>...};
  std::size_t at = 0;
  while (at < sizeof...(Kinds) && !fits[at]) ++at;
  return at;
}
template <typename... Kinds>
constexpr std::size_t count_of(KindList<Kinds...>) {
  return sizeof...(Kinds);
}

}  // namespace one_of_detail

// `List` derives from a KindList, so that its name stays short. Copies share the value until one is edited.
template <typename List>
class OneOf {
 public:
  template <typename Kind>
  static constexpr std::size_t index_of = one_of_detail::place_of<Kind>(List{});

  template <typename Kind>
  requires(index_of<Kind> < one_of_detail::count_of(List{}))
      OneOf(Kind kind)  // NOLINT(google-explicit-constructor): as a variant's
      : index_(index_of<Kind>), value_(std::make_shared<Kind>(std::move(kind))) {}

  // The place of its kind in the list.
  std::size_t index() const { return index_; }
  template <typename Kind>
  bool is() const {
    return index_ == index_of<Kind>;
  }
  // nullptr when it is of another kind.
  template <typename Kind>
  const Kind* get_if() const {
    return is<Kind>() ? static_cast<const Kind*>(value_.get()) : nullptr;
  }
  // The same, to be changed.
  template <typename Kind>
  Kind* edit_if() {
    if (!is<Kind>()) return nullptr;
    if (value_.use_count() > 1) value_ = std::make_shared<Kind>(*static_cast<const Kind*>(value_.get()));
    return static_cast<Kind*>(value_.get());
  }

  // visitor(kind), which answers the same type for every kind.
  template <typename Visitor>
  decltype(auto) visit(const Visitor& visitor) const {
    return call(visitor, List{});
  }

 private:
  template <typename Kind, typename Visitor>
  static auto call_one(const Visitor& visitor, const void* value) {
    return visitor(*static_cast<const Kind*>(value));
  }
  template <typename Visitor, typename First, typename... Others>
  auto call(const Visitor& visitor, KindList<First, Others...>) const {
    using Returned = std::invoke_result_t<const Visitor&, const First&>;
    constexpr Returned (*calls[])(const Visitor&, const void*) = {&call_one<First, Visitor>,
                                                                  &call_one<Others, Visitor>...};
    return calls[index_](visitor, value_.get());
  }

  std::size_t index_;
  std::shared_ptr<void> value_;
};

}  // namespace dits::web
