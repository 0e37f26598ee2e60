using System.Text;
using Acornima;
using Acornima.Ast;

namespace BoxOffice.Pages;

/// <summary>
/// Joins ECMAScript modules into one, each in its own function, in the order in which a browser would run them. The
/// text of a module is unchanged, comments included; only <c>import</c> and <c>export</c> are replaced.
/// </summary>
/// <remarks>
/// An imported name is a copy, not a live binding. Modules that need live bindings are rejected: circular imports and
/// <c>export let</c>. Unused features are rejected too: <c>import *</c>, <c>import()</c>, <c>import.meta</c>, <c>export
/// default</c>, <c>export … from</c> and top-level <c>await</c>.
/// </remarks>
internal sealed class ScriptBundle
{
    private readonly string _root;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _numbers = []; // of written modules, by path
    private readonly Stack<string> _open = [];

    private ScriptBundle(string root) => _root = root;

    /// <summary>The text of one module equivalent to the module <paramref name="first"/>.</summary>
    /// <param name="root">The root folder of the modules' names in the bundle.</param>
    /// <param name="first">The path of the entry module below it.</param>
    public static string Of(string root, string first)
    {
        var bundle = new ScriptBundle(Path.GetFullPath(root));
        bundle.Add(Path.Combine(bundle._root, first));
        var text = bundle._text.ToString();
        Parse(text, first); // fails when the result is no module, as with a top-level await
        return text;
    }

    private int Add(string path)
    {
        if (_numbers.TryGetValue(path, out var known)) return known;
        var name = NameOf(path);
        if (_open.Contains(path))
            throw new PageException($"{name}: its imports form a circle: {string.Join(" <- ", _open.Select(NameOf))}");
        _open.Push(path);
        var source = File.ReadAllText(path);
        var module = Parse(source, name);
        RequireSimple(module, path);

        var edits = new List<Edit>();
        var exports = new List<string>();
        foreach (var statement in module.Body) Read(statement, path, edits, exports);
        _open.Pop();
        var number = _numbers[path] = _numbers.Count + 1;
        _text.Append($"// --- {name}\nconst $m{number} = (() => {{\n").Append(Apply(edits, source).Trim('\n'));
        _text.Append($"\nreturn {{ {string.Join(", ", exports)} }};\n}})();\n\n");
        return number;
    }

    private void Read(Statement statement, string path, List<Edit> edits, List<string> exports)
    {
        switch (statement)
        {
            case ImportDeclaration import:
                edits.Add(new(import.Start, import.End, Import(import, path)));
                break;
            case ExportNamedDeclaration { Source: not null } or ExportAllDeclaration or ExportDefaultDeclaration:
                throw Refused(path, statement, "export a declaration by its name");
            case ExportNamedDeclaration { Declaration: { } declaration }:
                edits.Add(new(statement.Start, declaration.Start, ""));
                exports.AddRange(NamesOf(declaration, path));
                break;
            case ExportNamedDeclaration named:
                edits.Add(new(named.Start, named.End, ""));
                exports.AddRange(named.Specifiers.Select(name => $"{TextOf(name.Exported)}: {TextOf(name.Local)}"));
                break;
        }
    }

    private string Import(ImportDeclaration import, string path)
    {
        var imported = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, import.Source.Value));
        if (!File.Exists(imported)) throw new PageException($"{NameOf(path)}: there is no {import.Source.Value}");
        var number = Add(imported);
        if (import.Specifiers.Count == 0) return "";
        var names = import.Specifiers.Select(name => name switch
        {
            ImportSpecifier named when TextOf(named.Imported) == named.Local.Name => named.Local.Name,
            ImportSpecifier named => $"{TextOf(named.Imported)}: {named.Local.Name}",
            ImportDefaultSpecifier => $"default: {name.Local.Name}",
            _ => throw new PageException($"{NameOf(path)}: import names instead of *"),
        });
        return $"const {{ {string.Join(", ", names)} }} = $m{number};";
    }

    private IEnumerable<string> NamesOf(Node declaration, string path) => declaration switch
    {
        FunctionDeclaration { Id: { } id } => [id.Name],
        ClassDeclaration { Id: { } id } => [id.Name],
        VariableDeclaration { Kind: VariableDeclarationKind.Const } constants
            when constants.Declarations.All(constant => constant.Id is Identifier) =>
            constants.Declarations.Select(constant => ((Identifier)constant.Id).Name),
        _ => throw Refused(path, declaration, "only functions, classes and constants are exported"),
    };

    private PageException Refused(string path, Node node, string why) =>
        new($"{NameOf(path)}, {node.Location.Start}: {why}");

    private void RequireSimple(Acornima.Ast.Module module, string path)
    {
        foreach (var node in module.DescendantNodes())
        {
            if (node is ImportExpression or MetaProperty { Meta.Name: "import" })
                throw Refused(path, node, "neither import() nor import.meta");
        }
    }

    private static Acornima.Ast.Module Parse(string source, string name)
    {
        try
        {
            return new Parser(new ParserOptions { EcmaVersion = EcmaVersion.Latest }).ParseModule(source, name);
        }
        catch (ParseErrorException e)
        {
            throw new PageException($"{name}: {e.Message}");
        }
    }

    private static string TextOf(Expression name) =>
        name is Identifier { Name: var text } ? text : ((StringLiteral)name).Raw;

    private static string Apply(List<Edit> edits, string source)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var (start, end, replacement) in edits)
        {
            text.Append(source, at, start - at).Append(replacement);
            at = end;
        }
        return text.Append(source, at, source.Length - at).ToString();
    }

    private string NameOf(string path) => Path.GetRelativePath(_root, path).Replace('\\', '/');

    private readonly record struct Edit(int Start, int End, string Replacement);
}
