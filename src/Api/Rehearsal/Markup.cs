using System.Globalization;
using System.Net;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// A piece of HTML. Values put into one are encoded as text, and cannot become markup, unless they are pieces
/// themselves.
/// </summary>
internal readonly record struct Markup(string Text)
{
    private static readonly Encoder Encoded = new();

    /// <summary>Nothing.</summary>
    public static readonly Markup None = new("");

    /// <summary>Makes a piece of a text whose holes are filled with encoded values.</summary>
    public static Markup Of(FormattableString text) => new(text.ToString(Encoded));

    /// <summary>The pieces of all items, one after the other.</summary>
    public static Markup All<T>(IEnumerable<T> many, Func<T, Markup> each) =>
        new(string.Concat(many.Select(item => each(item).Text)));

    public override string ToString() => Text;

    private sealed class Encoder : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Markup markup => markup.Text,
            IFormattable value => WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}
