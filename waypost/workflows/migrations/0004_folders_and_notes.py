"""Folders that only some may open, editors, tags, planning, and notes of builders."""

import django.db.models.deletion
from django.db import migrations, models


# A workflow knows whether its folder is private, so that no statement about its instances reads the
# folder; the key of both columns keeps it right, and follows when the folder changes.
FORWARD = """
ALTER TABLE folder ADD CONSTRAINT folder_sight UNIQUE (id, is_private);
ALTER TABLE workflow ADD CONSTRAINT workflow_folder_sight
  FOREIGN KEY (folder_id, is_in_private_folder) REFERENCES folder (id, is_private)
  ON UPDATE CASCADE;
"""
BACKWARD = """
ALTER TABLE workflow DROP CONSTRAINT workflow_folder_sight;
ALTER TABLE folder DROP CONSTRAINT folder_sight;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('workflows', '0002_versions_are_immutable'),
        ('workspace', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FolderAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'db_table': 'folder_access',
            },
        ),
        migrations.CreateModel(
            name='WorkflowEditor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'db_table': 'workflow_editor',
            },
        ),
        migrations.CreateModel(
            name='WorkflowNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('completed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'workflow_note',
            },
        ),
        migrations.AddField(
            model_name='workflow',
            name='are_instances_private',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='workflow',
            name='goes_live_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='workflow',
            name='is_in_private_folder',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='workflow',
            name='status',
            field=models.CharField(blank=True, choices=[('idea', 'Idea'), ('building', 'Building'), ('testing', 'Testing'), ('live', 'Live')], default='', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='workflow',
            constraint=models.CheckConstraint(condition=models.Q(('is_in_private_folder', False), ('folder__isnull', False), _connector='OR'), name='workflow_folder_is_there'),
        ),
        migrations.AddField(
            model_name='folderaccess',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='workflows.folder'),
        ),
        migrations.AddField(
            model_name='folderaccess',
            name='principal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.principal'),
        ),
        migrations.AddField(
            model_name='folderaccess',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workspace.workspace'),
        ),
        migrations.AddField(
            model_name='workfloweditor',
            name='principal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.principal'),
        ),
        migrations.AddField(
            model_name='workfloweditor',
            name='workflow',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editors', to='workflows.workflow'),
        ),
        migrations.AddField(
            model_name='workfloweditor',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workspace.workspace'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='assignee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.principal'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.principal'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='reply_to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='workflows.workflownote'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='step',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='workflows.stepidentity'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='workflow',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='workflows.workflow'),
        ),
        migrations.AddField(
            model_name='workflownote',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workspace.workspace'),
        ),
        migrations.AddConstraint(
            model_name='folderaccess',
            constraint=models.UniqueConstraint(fields=('folder', 'principal'), name='folder_access_once'),
        ),
        migrations.AddConstraint(
            model_name='workfloweditor',
            constraint=models.UniqueConstraint(fields=('workflow', 'principal'), name='workflow_editor_once'),
        ),
        migrations.AddConstraint(
            model_name='workflownote',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
