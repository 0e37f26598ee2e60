namespace BoxOffice.Api.Rehearsal;

/// <summary>The tables of a report. Cells are encoded.</summary>
internal static class ReportTable
{
    /// <summary>A table without a head.</summary>
    public static Markup Of(Markup rows) =>
        Markup.Of($"""<div class="wide"><table><tbody>{rows}</tbody></table></div>""");

    /// <summary>A table.</summary>
    /// <param name="rows">From <see cref="Row"/>.</param>
    /// <param name="head">The columns' names.</param>
    public static Markup Of(Markup rows, params Markup[] head)
    {
        var row = Markup.Of($"<tr>{Markup.All(head, cell => cell)}</tr>");
        return Markup.Of($"""<div class="wide"><table><thead>{row}</thead><tbody>{rows}</tbody></table></div>""");
    }

    /// <summary>The name of a column.</summary>
    public static Markup Head(string name) => Markup.Of($"<th>{name}</th>");

    /// <summary>The name of a column of text.</summary>
    public static Markup HeadOfWords(string name) => Markup.Of($"""<th class="words">{name}</th>""");

    /// <summary>A row with a name and a cell for each value.</summary>
    public static Markup Row(object name, params IEnumerable<string> values) =>
        Markup.Of($"""<tr><th scope="row">{name}</th>{Cells(values)}</tr>""");

    /// <summary>A row with a name, a cell for each value, and a cell of text.</summary>
    public static Markup RowWithWords(string name, string words, params IEnumerable<string> values) => Markup.Of($"""
        <tr><th scope="row">{name}</th>{Cells(values)}<td class="words">{words}</td></tr>
        """);

    /// <summary>A cell for each value.</summary>
    public static Markup Cells(IEnumerable<string> values) =>
        Markup.All(values, value => Markup.Of($"<td>{value}</td>"));
}
